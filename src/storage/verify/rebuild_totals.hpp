#pragma once

#include <span>
#include <vector>

#include "storage/verify/count_totals.hpp"

// Makes the sums of money anew beside a service that goes on adding to them (docs/money.md, 3).
namespace payments {

// What a row of table totals is to be changed by.
struct TotalsCorrection {
    Grain grain;
    ledger::TotalsKey key;
    ledger::Total more;
};

// Changes a database. On the caller's thread, which it blocks; throws StoreDown.
struct TotalsCorrector {
    virtual ~TotalsCorrector() = default;
    // Adds these to the sums and 1 to the revision, in one commit; false, and nothing is changed,
    // when the revision is not this one any more.
    virtual bool correct(std::int64_t revision, std::span<const TotalsCorrection> some) = 0;
};

struct RebuiltTotals {
    std::int64_t transactions = 0;
    std::int64_t corrected = 0;  // rows of totals
    bool is_whole = true;        // false when somebody else corrected them meanwhile
};

// Adds all up as it is at one moment, holds it against the sums of the same moment, and corrects
// these by the difference: what is counted meanwhile adds its own, so nobody is waited for. Of two
// who do it at once one is not whole. Minutes are corrected for as long as they are kept before
// `now`. Its memory grows with the number of sums, some 250 bytes each. Throws as LedgerRows and
// TotalsCorrector; sums that are corrected in part are made whole by doing it again.
RebuiltTotals rebuild_totals(
    LedgerReader& source, TotalsCorrector& corrector, Time now, const VerifyOptions& options
);

}  // namespace payments
