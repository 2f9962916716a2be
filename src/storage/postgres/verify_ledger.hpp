#pragma once

#include "storage/verify/ledger_verifier.hpp"
#include "storage/postgres/address.hpp"

namespace payments::postgres {

// Re-reads the books on the server. Throws StoreDown when it cannot be reached.
LedgerReport verify_ledger(const ServerAddress& address, const VerifyOptions& options = {});

}  // namespace payments::postgres
