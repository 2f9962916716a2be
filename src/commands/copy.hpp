#pragma once

#include <string>

#include "config/settings.hpp"

namespace payments {

struct CopyOptions {
    std::string from, to;  // as PAYMENTS_DATABASE has them
};

// Moves an installation from SQLite to PostgreSQL, and reads the books of both again. 1 when they
// differ, 2 when the options are wrong.
int copy(const Settings& settings, const CopyOptions& options);

}  // namespace payments
