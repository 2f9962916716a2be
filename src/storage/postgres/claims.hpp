#pragma once

#include <vector>

#include "flow/ports.hpp"
#include "storage/postgres/connection.hpp"

// Work that is taken up so that no other replica takes it meanwhile: rows that another has locked
// are passed over. Each is a transaction of its own on a connection that is the caller's alone.
namespace payments::postgres {

Task<std::vector<Transaction>> claim_due(
    const ServerAddress& address, PipelineConnection& connection, Time now, int limit
);
Task<std::vector<UnmatchedMessage>> claim_unmatched(
    const ServerAddress& address, PipelineConnection& connection, Time now, int limit
);
Task<std::vector<OutgoingEvent>> claim_events(
    const ServerAddress& address, PipelineConnection& connection, Time now, int limit
);

}  // namespace payments::postgres
