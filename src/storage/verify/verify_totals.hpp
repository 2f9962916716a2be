#pragma once

#include "storage/verify/ledger_verifier.hpp"

namespace payments {

// Adds up what every transaction that is counted counts for, and names where the sums that are kept
// differ (docs/money.md, 3): by day of UTC, those of quarters of an hour, and those of minutes for
// as long as there are any. At most 20 differences, then how many more. Everything is read as it is
// at one moment, as a backup is: what a payment adds may belong to a day that was read long ago.
// Reads the transactions and facts once more. Throws as LedgerRows.
void verify_totals(LedgerReader& source, LedgerReport& report);

}  // namespace payments
