#pragma once

#include <utility>
#include <vector>

#include "storage/verify/ledger_verifier.hpp"

// What belongs to no transaction, and what only the whole database shows (docs/design.md, 3.14).
// Each question is one statement, which sees one moment by itself. All add to the report; throw as
// LedgerRows.
namespace payments {

// Messages that are about no transaction. `erased_otherwise` is FoundPart's, of all batches.
void verify_unmatched(
    LedgerReader& source,
    const std::vector<std::pair<std::int64_t, std::int64_t>>& erased_otherwise, LedgerReport& report
);

// What was erased stays so, and both say the same of it: the actions and the row of what is to be
// done.
void verify_erasures(LedgerReader& source, LedgerReport& report);

// What there may be only once. Indexes forbid all of this, but they may be what is damaged.
void verify_ids(LedgerReader& source, LedgerReport& report);

}  // namespace payments
