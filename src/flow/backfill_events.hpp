#pragma once

#include <set>
#include <string>
#include <vector>

#include "flow/flow_context.hpp"
#include "flow/lost/lost_payments.hpp"

namespace payments {

// A transaction that entered another status.
struct StatusChange {
    std::string reference;
    Status before, after;
};

struct BackfillResult {
    std::size_t heard = 0;    // events that were not known
    std::size_t matched = 0;  // of them: about transactions of ours
    std::vector<StatusChange> changes;
    bool complete = false;  // false: the provider stopped answering before the end of its list
    std::vector<LostPayment> lost{};  // of the numbers that were asked for, perhaps several times
};

// Records the events that a provider lists, the oldest first (docs/providers/stripe.md, 10). One
// that its webhook brought, or brings later, is the same event and counts once; one that matches no
// transaction is not stored, since the account may serve other systems too. Events whose id is in
// `known` are passed over, and those that were recorded are added to it. Throws as the ports do;
// what was recorded by then stays. What was taken under a number of `missing`, which must outlive
// the task, is named. On the loop of `context`.
Task<BackfillResult> backfill_events(
    FlowContext& context, ProviderEventSource& source, ProviderEventQuery query,
    std::set<std::string>& known, const std::vector<MissingNumbers>* missing = nullptr
);

// Does so for the last three days, at once and then every five minutes, until the loop stops:
// webhooks that never came are made up for. A failure is logged and the next round goes on.
Task<void> keep_backfilling(FlowContext& context, ProviderEventSource& source);

}  // namespace payments
