#pragma once

#include <string>

#include "config/settings.hpp"

namespace payments {

struct CopyOptions {
    std::string from, to;  // in the form of PAYMENTS_DATABASE
};

// `ozora-payments copy`: copies an SQLite database into an empty PostgreSQL database, row by row,
// and verifies the ledger of the source before and of the destination after (docs/scaling.md). The
// service must be stopped: what it would write meanwhile is not copied. Returns exit_code::done;
// failed when either ledger has a difference (nothing was copied if it is the source's);
// wrong_usage when an option is wrong. Throws StoreDown when a database cannot be used.
int copy(const Settings& settings, const CopyOptions& options);

}  // namespace payments
