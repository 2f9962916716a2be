#pragma once

#include <string>

#include "storage/audit/audit.hpp"

namespace payments::sqlite {

// Re-reads the books in the file. Throws StoreDown when it cannot be opened.
Audit verify_ledger(const std::string& path, const AuditOptions& options = {});

}  // namespace payments::sqlite
