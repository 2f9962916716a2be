#pragma once

#include <memory>

#include "storage/postgres/address.hpp"
#include "storage/rules/settlement_database.hpp"

namespace payments::postgres {

// A connection of its own. Throws StoreDown, also when the schema is older than this binary's.
std::unique_ptr<ledger::SettlementDatabase> open_settlements(const ServerAddress& address);

// The same for other work than settlements.
std::unique_ptr<ledger::BlockingDatabase> open_database(const ServerAddress& address);

}  // namespace payments::postgres
