#pragma once

#include "storage/verify/ledger_verifier.hpp"

namespace payments {

// Reads settlements again (docs/settlements.md, 7): every file's digest over its rows, both chains,
// and whether rows are there without their file. Adds to the report; throws as LedgerReader.
void verify_settlements(LedgerReader& source, LedgerReport& report);

}  // namespace payments
