#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Tells the world's subscriber, which must be there, of the events that are due: side by side, but
// of one transaction one after the other. Returns how many were told or tried.
Task<std::size_t> deliver_due_events(FlowContext& context);

// Does so until the loop stops. Survives a lost database and tries again.
Task<void> keep_delivering(FlowContext& context);

}  // namespace payments
