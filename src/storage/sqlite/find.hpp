#pragma once

#include "flow/ports.hpp"
#include "storage/sqlite/database.hpp"

namespace payments::sqlite {

// What a person looks for and reads, as Store promises of its functions of the same names, inside a
// database transaction that the caller holds. They throw StoreDown.
FoundPage find(Database& database, const FindQuery& query);
std::vector<KeptMessage> messages_of(Database& database, std::int64_t transaction_id);
std::optional<KeptMessage> message(Database& database, std::int64_t number);
std::vector<OutgoingEvent> events_of(Database& database, std::int64_t transaction_id);

}  // namespace payments::sqlite
