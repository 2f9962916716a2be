#pragma once

#include <string>
#include <utility>

#include "storage/sqlite/database.hpp"
#include "storage/verify/ledger_verifier.hpp"

namespace payments::sqlite {

// An answer that is read while it is made.
class OpenRows final : public LedgerRows {
public:
    explicit OpenRows(Rows rows) : rows_(std::move(rows)) {}

    bool next() override { return rows_.next(); }
    bool is_null(int column) const override { return rows_.is_null(column); }
    std::int64_t integer(int column) const override { return rows_.integer(column); }
    bool flag(int column) const override { return rows_.flag(column); }
    std::string text(int column) const override { return rows_.text(column); }

private:
    Rows rows_;
};

}  // namespace payments::sqlite
