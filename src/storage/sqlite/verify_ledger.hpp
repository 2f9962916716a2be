#pragma once

#include <string>

#include "storage/verify/rebuild_totals.hpp"

namespace payments::sqlite {

// Verifies the ledger in the file (storage/verify), beside a service that runs on it. Blocks its
// thread. Throws StoreDown when the file cannot be opened or read to its end, or its schema is not
// this binary's.
LedgerReport verify_ledger(const std::string& path, const VerifyOptions& options = {});
// Makes the sums anew (storage/verify/rebuild_totals), beside a service. Throws likewise.
RebuiltTotals rebuild_totals(const std::string& path, Time now, const VerifyOptions& options);

}  // namespace payments::sqlite
