#pragma once

#include "storage/postgres/address.hpp"
#include "storage/verify/rebuild_totals.hpp"

namespace payments::postgres {

// Verifies the ledger on the server (storage/verify), beside replicas that run on it. Blocks its
// thread. Throws StoreDown when the server cannot be reached, also in the middle, or its schema is
// older than this binary.
LedgerReport verify_ledger(const ServerAddress& address, const VerifyOptions& options = {});
// Makes the sums anew (storage/verify/rebuild_totals), beside a service. Throws likewise.
RebuiltTotals rebuild_totals(const ServerAddress& address, Time now, const VerifyOptions& options);

}  // namespace payments::postgres
