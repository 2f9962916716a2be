#pragma once

#include "config/settings.hpp"

namespace payments {

struct DatabaseTarget;
struct LedgerReport;

// Reads the whole ledger again, recomputes what follows from it, and prints every difference and
// the counts on standard output (docs/operations.md, "Re-reading the books"). Progress goes to
// standard error. Reads only, and may run beside the service. Throws StoreDown when the database
// cannot be read to its end; nothing is printed on standard output then.
// By so many threads, each with a connection of its own; at least 1.
LedgerReport print_ledger_report(const DatabaseTarget& database, int threads = 1);

struct VerifyLedgerOptions {
    bool keeps_result = true;  // in the database, for getHealth and `doctor`
    int threads = 1;
};

// `ozora-payments verify-ledger`: the same of the database of the settings. Its result is kept
// there; that it could not be is said on standard error and changes no exit code, for a standby or
// a copy may be read-only. Returns exit_code::done, failed when something differs, or unread when
// the database could not be read to its end, which it says on standard error. Throws nothing.
int run_verify_ledger(const Settings& settings, const VerifyLedgerOptions& options);

}  // namespace payments
