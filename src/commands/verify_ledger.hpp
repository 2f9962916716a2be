#pragma once

#include "config/settings.hpp"

namespace payments {

struct DatabaseTarget;

// Reads the whole ledger again, recomputes what follows from it, and prints every difference and
// the counts on standard output (docs/operations.md, "Re-reading the books"). Progress goes to
// standard error. Reads only, and may run beside the service. Whether nothing differs. Throws
// StoreDown when the database cannot be read at all.
bool print_ledger_report(const DatabaseTarget& database);

// `ozora-payments verify-ledger`: the same of the database of the settings. Returns
// exit_code::done, or failed when something differs. Throws StoreDown.
int run_verify_ledger(const Settings& settings);

}  // namespace payments
