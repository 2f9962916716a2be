#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "storage/postgres/address.hpp"

namespace payments {

struct CopyProgress {
    std::string table;
    std::int64_t rows = 0;  // of all tables
    std::int64_t of = 0;
};

// Moves an installation from SQLite's file to PostgreSQL: every row of every table as it is, and
// the numbers go on where they were. The file is locked against changes meanwhile, so a service
// that still runs on it answers 503. All comes or nothing does. Returns how many rows came. Throws
// StoreDown; also when the file's schema is not this binary's, or there are payments on the server.
std::int64_t copy_to_postgres(
    const std::string& path, const postgres::ServerAddress& to,
    const std::function<void(const CopyProgress&)>& progress
);

}  // namespace payments
