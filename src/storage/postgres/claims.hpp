#pragma once

#include <vector>

#include "flow/ports.hpp"
#include "storage/postgres/connection.hpp"

// Work that is taken up so that no other replica takes it meanwhile: rows that another has locked
// are passed over. Each is a transaction of its own on a connection that is the caller's alone.
namespace payments::postgres {

Task<std::vector<Transaction>> claim_due(
    const Address& address, Connection& connection, Time now, int limit
);
Task<std::vector<KeptMessage>> claim_unmatched(
    const Address& address, Connection& connection, Time now, int limit
);
Task<std::vector<OutgoingEvent>> claim_events(
    const Address& address, Connection& connection, Time now, int limit
);

}  // namespace payments::postgres
