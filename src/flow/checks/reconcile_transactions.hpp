#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "flow/backfill_events.hpp"
#include "flow/flow_context.hpp"
#include "flow/lost/adopt_payment.hpp"

namespace payments {

// Which transactions their providers are asked about: one; or those opened since a moment, also
// when they are final, so that refunds made by hand and disputes are found; or (neither is set)
// those that are open.
struct ReconcileRequest {
    std::optional<std::int64_t> transaction_id{};
    std::optional<Time> opened_since{};
    std::map<std::int64_t, PaymentOwner> owners{};  // of payments that are not on record
};

// What became of a payment that was not on record and whose owner was named.
struct AdoptedPayment {
    std::string reference;
    Result<Status> outcome;
};

struct ReconcileResult {
    std::size_t asked = 0;
    std::size_t answered = 0;
    std::vector<StatusChange> changes;
    std::vector<std::string> silent;            // references of those whose provider did not answer
    BackfillResult events{0, 0, {}, true, {}};  // of a run since a moment
    LostPayments lost{};                        // of such a run, each once, without those adopted
    std::vector<AdoptedPayment> adopted{};
};

// Asks since a moment also what providers have taken under numbers that are not on record.
// Checks them 50 at a time, as `serve` does in the background and safely beside it. `events`, empty
// where no provider lists any, are read first when a moment is given. `progress` is called after
// every step, on the same thread. Errc::unknown_transaction; throws as the ports do. On the loop of
// `context`.
Task<Result<ReconcileResult>> reconcile_transactions(
    FlowContext& context, std::vector<ProviderEventSource*> events, ReconcileRequest request,
    std::function<void(const ReconcileResult&)> progress
);

}  // namespace payments
