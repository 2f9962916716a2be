#include "storage/verify/count_totals.hpp"

#include "storage/rules/rows.hpp"

namespace payments {
namespace {

constexpr std::int64_t told_after = 250;

void add_rows(LedgerReader& source, const std::string& sql, TotalsOf& sums) {
    const auto rows = source.query(sql);
    while (rows->next())
        sums.add(
            {rows->time(0), rows->integer(1), rows->text(2), rows->text(3), rows->text(4),
             rows->text(5), rows->text(6)},
            {rows->integer(7), rows->integer(8)}
        );
}

}  // namespace

void TotalsOf::add(ledger::TotalsKey key, ledger::Total more) {
    if (key.at < since) return;
    key.at = place_of(key.at);
    const auto place = totals.try_emplace(std::move(key)).first;
    place->second.n += more.n;
    place->second.minor += more.minor;
    if (place->second == ledger::Total{}) totals.erase(place);
}

// By the database itself, in another way than the changes count them.
void add_fees(LedgerReader& source, TotalsOf& sums) {
    const auto grain = std::to_string(sums.grain.count());
    const auto rows = source.query(
        "SELECT f.created_at - f.created_at % " + grain +
        ", coalesce(f.scope_id, 0), f.currency, f.processor, f.fee_type, count(*),"
        " CAST(sum(f.amount_minor) AS bigint), CAST(sum(g.paid) AS bigint),"
        " CAST(sum(g.paid * f.amount_minor) AS bigint), count(f.paid_at),"
        " CAST(sum(CASE WHEN f.paid_at IS NULL THEN 0 ELSE f.amount_minor END) AS bigint) FROM"
        " (SELECT min(id) AS first, max(CASE WHEN paid_at IS NULL THEN 0 ELSE 1 END) AS paid"
        " FROM transactions GROUP BY ticket_id, fee_type) AS g"
        " JOIN transactions AS f ON f.id = g.first WHERE f.counted GROUP BY 1, 2, 3, 4, 5"
    );
    while (rows->next()) {
        ledger::TotalsKey key{rows->time(0),
                              rows->integer(1),
                              rows->text(2),
                              rows->text(3),
                              rows->text(4),
                              "fee_begun",
                              ""};
        sums.add(key, {rows->integer(5), rows->integer(6)});
        key.measure = "fee_paid";
        sums.add(key, {rows->integer(7), rows->integer(8)});
        key.measure = "first_try";
        sums.add(std::move(key), {rows->integer(9), rows->integer(10)});
    }
}

void add_transaction(const ledger::AttemptRow& row, std::span<TotalsOf> sums) {
    if (!row.is_counted) return;
    const auto all = contributions(row.transaction);
    for (auto& into : sums) {
        auto placed = all;
        std::erase_if(placed, [&](const Contribution& one) { return one.at < into.since; });
        for (auto& one : placed) one.at = into.place_of(one.at);
        ledger::add(into.totals, row.transaction, placed, 1);
    }
}

std::int64_t add_counted(
    LedgerReader& source, std::span<TotalsOf> sums,
    const std::function<void(std::int64_t)>& progress
) {
    const auto facts = source.query(
        "SELECT transaction_id, " + std::string{from_row::entry_columns} +
        " FROM facts ORDER BY transaction_id, seq"
    );
    bool has_fact = facts->next();
    const auto rows = source.query(
        "SELECT " + std::string{from_row::transaction_columns} + " FROM transactions ORDER BY id"
    );
    std::int64_t count = 0;
    for (; rows->next(); ++count) {
        if (progress && count % told_after == 0) progress(count);
        auto row = from_row::attempt_row(*rows);
        auto& transaction = row.transaction;
        for (; has_fact && facts->integer(0) <= transaction.id; has_fact = facts->next())
            if (facts->integer(0) == transaction.id)
                transaction.entries.push_back(from_row::event(*facts, 1));
        add_transaction(row, sums);
    }
    for (auto& into : sums) add_fees(source, into);
    return count;
}

void add_kept(LedgerReader& source, const std::string& rows, TotalsOf& sums) {
    add_rows(source, "SELECT " + std::string{ledger::totals_columns} + " FROM " + rows, sums);
}

}  // namespace payments
