#pragma once

#include "flow/ports.hpp"
#include "storage/sqlite/database.hpp"

// Messages that were about no transaction we knew when they came. Changes are inside a database
// transaction that the caller holds.
namespace payments::sqlite {

std::vector<UnmatchedMessage> claim_unmatched(Database& database, Time now, int limit);

}  // namespace payments::sqlite
