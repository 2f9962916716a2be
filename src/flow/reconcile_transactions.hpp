#pragma once

#include <functional>
#include <string>
#include <vector>

#include "flow/backfill_events.hpp"
#include "flow/flow_context.hpp"

namespace payments {

// Which transactions their providers are asked about: one; or those opened since a moment, also
// when they are final, so that refunds made by hand and disputes are found; or (neither is set)
// those that are open.
struct ReconcileRequest {
    std::optional<std::int64_t> transaction_id{};
    std::optional<Time> opened_since{};
};

struct ReconcileResult {
    std::size_t asked = 0;
    std::size_t answered = 0;
    std::vector<StatusChange> changes;
    std::vector<std::string> silent;        // references of those whose provider did not answer
    BackfillResult events{0, 0, {}, true};  // of a run since a moment
};

// Checks them 50 at a time, as `serve` does in the background and safely beside it. `events`, empty
// where no provider lists any, are read first when a moment is given. `progress` is called after
// every step, on the same thread. Errc::unknown_transaction; throws as the ports do. On the loop of
// `context`.
Task<Result<ReconcileResult>> reconcile_transactions(
    FlowContext& context, std::vector<ProviderEventSource*> events, ReconcileRequest request,
    std::function<void(const ReconcileResult&)> progress
);

}  // namespace payments
