#pragma once

#include <functional>
#include <string_view>

#include "flow/flow_context.hpp"

namespace payments {

// How soon work that fell due meanwhile is seen.
inline constexpr std::chrono::milliseconds poll_interval{200};

// One round of a background task; returns how long to wait before the next, 0 to go on at once.
using Round = std::function<Task<std::chrono::milliseconds>(FlowContext& context)>;

// Does `work` in a trace of its own, when one is recorded: what it leaves running is a part of that
// as well. `what` is static text. Throws what `work` throws.
Task<void> in_a_trace(FlowContext& context, std::string_view what, Task<void> work);

// Runs `round` until the loop stops. What it throws (StoreDown, say) must not end the task, or
// nothing would do its work any more: it is logged as "`what` is put off", and the next round comes
// after `after_failure`. `what` is static text. On the loop of `context`.
Task<void> poll(
    FlowContext& context, std::string_view what, Round round,
    std::chrono::milliseconds after_failure = std::chrono::seconds{5}
);

}  // namespace payments
