#pragma once

#include "flow/office/records.hpp"
#include "storage/sqlite/database.hpp"

// Outgoing events (storage/rules/outbox, claims), inside a database transaction that the caller
// holds; as Store promises of its functions of the same names. They throw StoreDown.
namespace payments::sqlite {

bool has_due_event(Database& database, Time now);
std::vector<OutgoingEvent> claim_events(Database& database, Time now, int limit);
void record_delivery(
    Database& database, const OutgoingEvent& event, const DeliveryOutcome& outcome
);

std::vector<OutgoingEvent> events(
    Database& database, const EventFilter& which, std::int64_t after, int limit
);
std::int64_t replay_events(Database& database, const EventFilter& which, Time now);
std::int64_t skip_events(Database& database, const EventFilter& which, Time now);
Backlog backlog(Database& database);

EventsPage find_events(Database& database, const EventsQuery& query);
Backlog backlog_in(Database& database, const SightOfScopes& sight);

}  // namespace payments::sqlite
