#pragma once

#include "storage/verify/count_totals.hpp"

namespace payments {

// Names where the sums that are kept differ from what every transaction that is counted counts for
// (docs/money.md, 3): by day of UTC, those of quarters of an hour, and those of minutes for as long
// as there are any. At most 20 differences, then how many more. `added` is what the transactions
// and the fees count for, each as it was when it was read; where the sums kept are others by now,
// because somebody paid meanwhile or they are wrong, all transactions and facts are read once more,
// everything as it is at one moment, as a backup is: what a payment adds may belong to a day that
// was read long ago. Throws as LedgerRows.
void verify_totals(LedgerReader& source, TotalsOf added, LedgerReport& report);

// What `added` begins with.
TotalsOf no_totals();

}  // namespace payments
