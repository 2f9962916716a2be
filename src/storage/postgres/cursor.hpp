#pragma once

#include <string>
#include <vector>

#include "storage/postgres/session.hpp"
#include "storage/verify/ledger_verifier.hpp"

namespace payments::postgres {

// An answer read through a cursor on the server, so that it never lies whole in memory: some rows
// are looked at while the server fetches the next. Within a transaction, which its session
// outlives. Made, it throws as Session::ask(); read, StoreDown. Both throw from_row::Damaged when
// the server found its own data damaged.
class Cursor final : public LedgerRows {
public:
    // No other open cursor of the session has this name.
    Cursor(
        Session& session, std::string name, const std::string& sql,
        const std::vector<Value>& parameters = {}
    );

    bool next() override;
    bool is_null(int column) const override { return rows_[row_].is_null(column); }
    std::int64_t integer(int column) const override { return rows_[row_].integer(column); }
    bool flag(int column) const override { return rows_[row_].flag(column); }
    std::string text(int column) const override { return rows_[row_].text(column); }

private:
    void fetch();

    Session& session_;
    std::string name_;
    ResultSet rows_;
    Session::Ahead ahead_;
    int row_ = -1, size_ = 0;
    bool is_at_end_ = false;
};

}  // namespace payments::postgres
