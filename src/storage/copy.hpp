#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "storage/postgres/address.hpp"

namespace payments {

struct CopyProgress {
    std::string table;      // the one being copied
    std::int64_t rows = 0;  // copied so far, of all tables
    std::int64_t of = 0;    // to copy, of all tables
};

// Copies an installation from SQLite's file to PostgreSQL (docs/scaling.md): every row of every
// table as it is, and the numbers go on where they were. The file is locked against changes
// meanwhile, so a service that still runs on it answers 503, and nothing of it is changed. One
// transaction: all rows are copied or none. Returns how many. Blocks its thread, on which
// `progress` is called after every 2,000 rows. Throws StoreDown; also when the file's schema is not
// this binary's, or there are payments on the server; and postgres::Refused for a row that the
// server's schema forbids.
std::int64_t copy_to_postgres(
    const std::string& path, const postgres::ServerAddress& to,
    const std::function<void(const CopyProgress&)>& progress
);

}  // namespace payments
