#pragma once

#include "config/settings.hpp"

namespace payments {

struct DatabaseTarget;

// Reads the whole ledger again, recomputes what follows from it, and prints every difference and
// the counts on standard output (docs/operations.md, "Re-reading the books"). Progress goes to
// standard error. Reads only, and may run beside the service. Whether nothing differs. Throws
// StoreDown when the database cannot be read to its end; nothing is printed on standard output
// then.
bool print_ledger_report(const DatabaseTarget& database);

// `ozora-payments verify-ledger`: the same of the database of the settings. Returns
// exit_code::done, failed when something differs, or unread when the database could not be read to
// its end, which it says on standard error. Throws nothing.
int run_verify_ledger(const Settings& settings);

}  // namespace payments
