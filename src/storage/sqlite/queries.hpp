#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/rules/rows.hpp"
#include "storage/sqlite/database.hpp"

// Rows of the database as the core's values.
namespace payments::sqlite {

std::vector<std::int64_t> ticket_ids(Database& database, std::int64_t after, int limit);
std::optional<NewestAttempt> newest_attempt(Database& database);
std::vector<Transaction> transactions_of(Database& database, std::int64_t ticket_id);
std::vector<Transaction> page(Database& database, const PageRequest& request);
// With its events; nothing when there is none.
std::optional<ledger::AttemptRow> kept(Database& database, std::int64_t id);
std::optional<std::int64_t> id_of_provider_id(
    Database& database, Processor processor, std::string_view provider_id
);
// Another attempt than `except` for the same ticket and fee type that counts as paid; that could
// still be paid.
std::optional<std::int64_t> holder_of_fee(
    Database& database, std::int64_t ticket_id, std::string_view fee_type, std::int64_t except = 0
);
std::optional<std::int64_t> live_attempt(
    Database& database, std::int64_t ticket_id, std::string_view fee_type, std::int64_t except = 0
);
std::vector<std::int64_t> due(Database& database, Time now, int limit);
std::optional<Time> next_due(Database& database);

}  // namespace payments::sqlite
