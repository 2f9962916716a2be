#pragma once

#include "storage/verify/ledger_verifier.hpp"

namespace payments {

// Reads again what people did and saw (docs/finding.md, 5): every hash chain, where each ends, and
// that each is about a transaction there is. Adds what it finds to `report`. In batches of whole
// chains, each as it is at one moment. Throws as a LedgerReader.
void verify_actions(LedgerReader& source, LedgerReport& report);

}  // namespace payments
