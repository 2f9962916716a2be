#pragma once

#include "config/settings.hpp"

namespace payments {

// `ozora-payments migrate`: brings the database's schema up to date and prints the names of the
// migrations that were applied, or with `only_show` of those that would be. Returns
// exit_code::done. Throws StoreDown when the database cannot be used.
int run_migrate(const Settings& settings, bool only_show);

}  // namespace payments
