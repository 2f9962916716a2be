#pragma once

#include <cstdint>
#include <vector>

#include "storage/sqlite/database.hpp"

// Where tickets are, inside a database transaction that the caller holds. All throw StoreDown.
namespace payments::sqlite {

// Puts the triple on record, if it is not, and returns its number.
std::int64_t keep_scope(Database& database, const TicketScope& scope);
std::vector<NumberedScope> scopes(Database& database);
// All attempts for the ticket are there from now on.
// How many attempts were elsewhere.
std::int64_t move_ticket(Database& database, std::int64_t ticket_id, std::int64_t scope_id);
std::vector<AttemptOfTicket> attempts_without_scope(
    Database& database, std::int64_t after, int limit
);

}  // namespace payments::sqlite
