#pragma once

#include <set>
#include <string>
#include <vector>

#include "flow/flow_context.hpp"

namespace payments {

// A transaction that entered another status.
struct StatusChange {
    std::string reference;
    Status before, after;
};

struct BackfillResult {
    std::size_t heard = 0;    // events
    std::size_t matched = 0;  // of them: about transactions of ours
    std::vector<StatusChange> changes;
    bool complete = false;  // false: the provider was silent before it had told everything
};

// Takes what a provider has told before through the one door, the oldest first. An event that its
// notification brought, or brings later, is the same event and counts once; one that matches no
// transaction of ours is not kept, since the account may serve others too. Events whose id is in
// `known` are passed over, and those that were taken are added to it.
Task<BackfillResult> backfill_events(
    FlowContext& context, ProviderEventSource& source, ProviderEventQuery query,
    std::set<std::string>& known
);

// Learns, at once and then every five minutes, what no notification has brought in three days.
Task<void> keep_backfilling(FlowContext& context, ProviderEventSource& source);

}  // namespace payments
