#pragma once

#include <vector>

#include "flow/ports.hpp"
#include "storage/sqlite/database.hpp"

// Work that is due and is taken up (storage/rules/claims), inside a database transaction that the
// caller holds: SQLite has one writer, so no row needs a lock of its own. They throw StoreDown.
namespace payments::sqlite {

// At most as many as asked for of each, the longest due first.
std::vector<Transaction> claim_due(Database& database, const DueClaim& claim);
std::vector<UnmatchedMessage> claim_unmatched(Database& database, Time now, int limit);

}  // namespace payments::sqlite
