#pragma once

#include <string>

#include "storage/verify/ledger_verifier.hpp"

namespace payments::sqlite {

// Re-reads the books in the file. Throws StoreDown when it cannot be opened.
LedgerReport verify_ledger(const std::string& path, const VerifyOptions& options = {});

}  // namespace payments::sqlite
