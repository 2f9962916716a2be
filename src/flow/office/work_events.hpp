#pragma once

#include "flow/flow_context.hpp"

// What operators do with outgoing events (docs/worklist.md). An event is about a transaction, and
// for those who may see its ticket, or about settlements, and for those who see every ticket.
// Throws as the ports do. On the loop of `context`.
namespace payments {

struct EventsOrder {
    bool skips = false;        // else they are to be told again
    bool all_dead = false;     // all that were given up
    std::vector<EventId> ids;  // else these, and
    std::vector<SettlementEventId> settlement_ids{};
    std::string note{};  // of what is skipped
    Actor by{};
};

// Makes events due again: those that were told, given up or skipped; or skips those that wait or
// were given up. Others, and those outside of what the caller may see, are left as they are. Each
// is on record in the commit that changes it; of many a part may be changed when the store goes
// down. Returns how many were changed.
Task<std::int64_t> change_events(FlowContext& context, Privileges caller, EventsOrder order);

}  // namespace payments
