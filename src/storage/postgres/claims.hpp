#pragma once

#include <vector>

#include "flow/ports.hpp"
#include "storage/postgres/connection.hpp"

// Work that is due and is taken up (storage/rules/claims): FOR UPDATE SKIP LOCKED passes over rows
// that another replica is just taking, so that any number may claim at once without a leader and
// without waiting. Each is a transaction of its own, on a connection that is the caller's alone;
// they return only after the commit, so that work is never done by two. They throw Failed, which
// leaves the transaction to be ended by leave(), Lost and from_row::Damaged.
namespace payments::postgres {

Task<std::vector<Transaction>> claim_due(
    const ServerAddress& address, PipelineConnection& connection, DueClaim claim
);
Task<std::vector<UnmatchedMessage>> claim_unmatched(
    const ServerAddress& address, PipelineConnection& connection, Time now, int limit
);
Task<std::vector<OutgoingEvent>> claim_events(
    const ServerAddress& address, PipelineConnection& connection, Time now, int limit
);

}  // namespace payments::postgres
