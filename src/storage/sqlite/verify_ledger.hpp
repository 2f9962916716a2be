#pragma once

#include <string>

#include "storage/verify/ledger_verifier.hpp"

namespace payments::sqlite {

// Verifies the ledger in the file (storage/verify), beside a service that runs on it. Blocks its
// thread. Throws StoreDown when the file cannot be opened or read to its end, or its schema is not
// this binary's.
LedgerReport verify_ledger(const std::string& path, const VerifyOptions& options = {});

}  // namespace payments::sqlite
