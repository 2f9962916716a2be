#pragma once

#include <string_view>

#include "flow/flow_context.hpp"

namespace payments {

// How soon work that fell due meanwhile is seen.
inline constexpr std::chrono::milliseconds poll_interval{200};

// One round of a background task; returns how long to wait before the next, 0 to go on at once.
using Round = Task<std::chrono::milliseconds> (*)(FlowContext& context);

// Runs `round` for ever. What it throws (a lost database, say) must not end the task: it is logged
// as "`what` is put off", and the next round comes after `after_failure`. `what` is static text.
Task<void> poll(
    FlowContext& context, std::string_view what, Round round,
    std::chrono::milliseconds after_failure = std::chrono::seconds{5}
);

}  // namespace payments
