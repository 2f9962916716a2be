#pragma once

#include "storage/postgres/address.hpp"
#include "storage/verify/ledger_verifier.hpp"

namespace payments::postgres {

// Verifies the ledger on the server (storage/verify), beside replicas that run on it. Blocks its
// thread. Throws StoreDown when the server cannot be reached, also in the middle, or its schema is
// older than this binary.
LedgerReport verify_ledger(const ServerAddress& address, const VerifyOptions& options = {});

}  // namespace payments::postgres
