#pragma once

#include "storage/verify/ledger_verifier.hpp"

namespace payments {

// Reads again what people did and saw (docs/finding.md, 5): every hash chain, where each ends, and
// that each is about a transaction there is. Adds what it finds to `report`. As it is at one
// moment: there are few, so the snapshot is short. Throws as a LedgerReader.
void verify_actions(LedgerReader& source, LedgerReport& report);

}  // namespace payments
