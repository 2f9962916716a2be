#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/rules/settlement_rows.hpp"
#include "storage/verify/ledger_verifier.hpp"

namespace payments::ledger {

// Either database, as settlements need it: on the caller's thread, which it blocks. Statements keep
// to what both databases take; parameters are $1, $2, in the order of their first use. All but
// roll_back() throw StoreDown, and std::logic_error when the schema refuses what we write.
class SettlementDatabase {
public:
    virtual ~SettlementDatabase() = default;

    // One moment for all that is read until commit().
    virtual void begin_read() = 0;
    // The same, and nobody else changes settlements until commit() or roll_back(). Payments go on.
    virtual void begin_change() = 0;
    virtual void commit() = 0;
    virtual void roll_back() noexcept = 0;

    // Only within a transaction. Rows come as they are read: their number costs no memory.
    virtual std::unique_ptr<LedgerRows> query(
        const std::string& sql, const Cells& parameters = {}
    ) = 0;
    // Those rows of `select` whose `column` is one of `texts`, ordered by file_id, n.
    virtual std::unique_ptr<LedgerRows> query_texts(
        const std::string& select, const std::string& column, const std::vector<std::string>& texts
    ) = 0;
    virtual void change(const std::string& sql, const Cells& parameters) = 0;
    virtual void insert(const SettlementTable& table, const std::vector<Cells>& rows) = 0;
};

}  // namespace payments::ledger
