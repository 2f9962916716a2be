#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/rules/blocking_database.hpp"
#include "storage/rules/settlement_rows.hpp"

namespace payments::ledger {

// Either database, as settlements need it.
class SettlementDatabase : public BlockingDatabase {
public:
    // Those rows of `select` whose `column` is one of `texts`, ordered by file_id, n.
    virtual std::unique_ptr<LedgerRows> query_texts(
        const std::string& select, const std::string& column, const std::vector<std::string>& texts
    ) = 0;
    virtual void insert(const SettlementTable& table, const std::vector<Cells>& rows) = 0;
};

}  // namespace payments::ledger
