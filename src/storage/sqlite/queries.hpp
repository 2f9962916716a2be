#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/rules/rows.hpp"
#include "storage/sqlite/database.hpp"

// Questions that change nothing, and their answers as the core's values; as Store promises of its
// functions of the same names. Inside a database transaction that the caller holds, so that what is
// read belongs together. They throw StoreDown.
namespace payments::sqlite {

std::vector<std::int64_t> ticket_ids(Database& database, std::int64_t after, int limit);
std::optional<NewestAttempt> newest_attempt(Database& database);
std::vector<Transaction> transactions_of(Database& database, std::int64_t ticket_id);
std::vector<Transaction> page(Database& database, const PageRequest& request);
// With its events; nothing when there is none.
std::optional<Transaction> transaction(Database& database, std::int64_t id);
// With its entries too, and what the rules keep beside them: the chain's hashes, the next check.
std::optional<ledger::AttemptRow> attempt_row(Database& database, std::int64_t id);
std::vector<LedgerEntry> entries_of(Database& database, std::int64_t id);
MovedPage moved_page(Database& database, const MovedRequest& request);
std::optional<Time> next_due(Database& database);
std::vector<Action> actions_of(
    Database& database, std::int64_t transaction_id, std::optional<ActionKind> kind
);

}  // namespace payments::sqlite
