#include "storage/sqlite/group_totals.hpp"

namespace payments::sqlite {

void insert_totals(Database& database, const ledger::Totals& totals) {
    static const auto sql = "INSERT INTO totals_pending (" + std::string{ledger::totals_columns} +
                            ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    ledger::each_total(totals, [&](const auto&... values) { database.change(sql, values...); });
}

void GroupTotals::add(const ledger::Totals& totals) { ledger::add(of_change_, totals); }

Companion GroupTotals::companion() {
    return {
        [this](bool is_kept) { settle(is_kept); }, [this](Database& database) { write(database); },
        [this] { drop(); }};
}

void GroupTotals::settle(bool is_kept) {
    if (is_kept) ledger::add(of_group_, of_change_);
    of_change_.clear();
}

void GroupTotals::write(Database& database) {
    std::erase_if(of_group_, [](const auto& entry) { return entry.second == ledger::Total{}; });
    insert_totals(database, of_group_);
    of_group_.clear();
}

void GroupTotals::drop() {
    of_change_.clear();
    of_group_.clear();
}

}  // namespace payments::sqlite
