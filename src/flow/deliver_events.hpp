#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Delivers events that are due, at most 16 at a time, to `context.subscriber`, which must not be
// null; of one transaction one after the other (docs/design.md, 3.12). Returns how many were tried.
// Throws as a Store does. On the loop of `context`.
Task<std::size_t> deliver_due_events(FlowContext& context);

// Does so every 200 ms until the loop stops, and at once again while there is more. A failure is
// logged and tried again in 5 s.
Task<void> keep_delivering(FlowContext& context);

}  // namespace payments
