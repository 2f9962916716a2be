#pragma once

#include <functional>
#include <string>
#include <vector>

#include "flow/backfill_events.hpp"
#include "flow/flow_context.hpp"

namespace payments {

// Which transactions the providers are asked about, all at once: one of them, those opened since a
// moment, also when they are final (so refunds made by hand and disputes are found), or those that
// are open.
struct ReconcileRequest {
    std::optional<std::int64_t> transaction_id{};
    std::optional<Time> opened_since{};
};

struct ReconcileResult {
    std::size_t asked = 0;
    std::size_t answered = 0;
    std::vector<StatusChange> changes;
    std::vector<std::string> silent;  // references of those that no provider said a word about
    BackfillResult events{0, 0, {}, true};  // of a run since a moment
};

// Asks about them page by page, as `serve` does in the background and safely beside it. `events`
// tells what happened since a moment, null where no provider keeps events. `progress` hears of
// every step. Errc::unknown_transaction.
Task<Result<ReconcileResult>> reconcile_transactions(
    FlowContext& context, ProviderEventSource* events, ReconcileRequest request,
    std::function<void(const ReconcileResult&)> progress
);

}  // namespace payments
