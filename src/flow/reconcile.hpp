#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Asks the providers about every attempt whose check is due. Returns how many were asked about.
Task<std::size_t> reconcile_due(FlowContext& context);

// Does so until the loop stops: at once for what was just claimed or left unknown, later for what
// waits. Tries messages again that were about no transaction, too (flow/retry_unmatched). Survives
// a lost database and tries again.
Task<void> keep_reconciling(FlowContext& context);

// Forgets idempotency keys that are older than 24 hours, every hour.
Task<void> keep_tidy(FlowContext& context);

}  // namespace payments
