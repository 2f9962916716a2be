#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Checks at most 50 attempts whose check is due, and returns how many. While a call about one may
// last no other replica takes it up. Throws as the ports do. All three run on the loop of
// `context`.
Task<std::size_t> reconcile_due(FlowContext& context);

// Does so every 200 ms until the loop stops, and at once again while there is more: each provider's
// account by itself, so that one that is silent delays no other; and tries unmatched messages again
// (flow/retry_unmatched). A failure is logged and tried again in 5 s.
Task<void> keep_reconciling(FlowContext& context);

// Deletes idempotency keys that are older than 24 hours, every hour.
Task<void> keep_tidy(FlowContext& context);

}  // namespace payments
