#pragma once

#include <memory>
#include <string>

#include "storage/rules/settlement_database.hpp"

namespace payments::sqlite {

// A connection of its own to the file, which must exist. Throws StoreDown, also when its schema is
// not this binary's.
std::unique_ptr<ledger::SettlementDatabase> open_settlements(const std::string& path);

// The same for other work than settlements.
std::unique_ptr<ledger::BlockingDatabase> open_database(const std::string& path);

}  // namespace payments::sqlite
