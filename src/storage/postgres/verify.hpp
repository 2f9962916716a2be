#pragma once

#include "storage/audit/audit.hpp"
#include "storage/postgres/address.hpp"

namespace payments::postgres {

// Re-reads the books on the server. Throws StoreDown when it cannot be reached.
Audit verify_ledger(const Address& address, const AuditOptions& options = {});

}  // namespace payments::postgres
