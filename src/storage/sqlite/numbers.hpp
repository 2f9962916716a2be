#pragma once

#include <cstdint>

#include "storage/sqlite/database.hpp"

// The numbers that attempts get, inside a database transaction that the caller holds.
namespace payments::sqlite {

// Numbers up to `last` are never given any more; nothing changes when they are behind already.
// Returns the last one that is not. Throws StoreDown.
std::int64_t reserve_numbers(Database& database, std::int64_t last);

}  // namespace payments::sqlite
