#include "storage/verify/verify_totals.hpp"

#include <set>

#include "storage/rules/rows.hpp"
#include "storage/rules/totals.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

using ledger::Total;
using ledger::Totals;
using ledger::TotalsKey;

constexpr std::size_t told_max = 20;

Time day_of(Time at) { return std::chrono::floor<std::chrono::days>(at); }

class TotalsVerifier {
public:
    TotalsVerifier(LedgerReader& source, LedgerReport& report) : source_(source), report_(report) {}

    void run() {
        source_.begin();
        add_attempts();
        add_fees();
        const auto pending = kept("SELECT " + columns + " FROM totals_pending");
        compare(with(pending, Grain::quarter), expected_, "");
        compare_minutes(pending);
        source_.end();
        if (more_ > 0)
            add("sums of money: " + std::to_string(more_) + " more of them are not what they were");
    }

private:
    inline static const std::string columns{ledger::totals_columns};

    void add_attempts() {
        const auto facts = source_.query(
            "SELECT transaction_id, " + std::string{from_row::entry_columns} +
            " FROM facts ORDER BY transaction_id, seq"
        );
        bool has_fact = facts->next();
        const auto rows = source_.query(
            "SELECT " + std::string{from_row::transaction_columns} +
            " FROM transactions ORDER BY id"
        );
        while (rows->next()) {
            auto [transaction, check_at, checks, facts_hash, messages_hash, wanted_at, is_counted] =
                from_row::attempt_row(*rows);
            for (; has_fact && facts->integer(0) <= transaction.id; has_fact = facts->next())
                if (facts->integer(0) == transaction.id)
                    transaction.entries.push_back(from_row::event(*facts, 1));
            if (!is_counted) continue;
            auto all = contributions(transaction);
            for (auto& one : all) one.at = day_of(one.at);
            ledger::add(expected_, transaction, all, 1);
        }
    }

    // By the database itself, in another way than the changes count them.
    void add_fees() {
        const std::string day = "f.created_at - f.created_at % 86400000";
        const auto count_of = [&](const std::string& measure, const std::string& which) {
            return "SELECT " + day +
                   ", coalesce(f.scope_id, 0), f.currency, f.processor,"
                   " f.fee_type, '" +
                   measure +
                   "', '', count(*),"
                   " CAST(sum(f.amount_minor) AS bigint) FROM (SELECT min(id) AS first,"
                   " max(CASE WHEN paid_at IS NULL THEN 0 ELSE 1 END) AS paid FROM transactions"
                   " GROUP BY ticket_id, fee_type) AS g JOIN transactions AS f ON f.id = g.first"
                   " WHERE f.counted AND " +
                   which + " GROUP BY 1, 2, 3, 4, 5";
        };
        take(expected_, count_of("fee_begun", "g.paid >= 0"));
        take(expected_, count_of("fee_paid", "g.paid = 1"));
        take(expected_, count_of("first_try", "f.paid_at IS NOT NULL"));
    }

    // Those of the first day were partly forgotten.
    void compare_minutes(const Totals& pending) {
        const auto minutes = with(pending, Grain::minute);
        const auto oldest = source_.query("SELECT min(at) FROM totals WHERE grain = 1");
        if (!oldest->next() || oldest->is_null(0)) return;
        const auto since = day_of(oldest->time(0)) + std::chrono::days{1};
        const auto later = [&](const Totals& all) {
            Totals some;
            for (const auto& [key, sum] : all)
                if (key.at >= since) some.emplace(key, sum);
            return some;
        };
        compare(later(minutes), later(expected_), ", minute by minute,");
    }

    Totals with(const Totals& pending, Grain grain) {
        auto all = kept(
            "SELECT " + columns +
            " FROM totals WHERE grain = " + std::to_string(static_cast<int>(grain))
        );
        for (const auto& [key, sum] : pending) add(all, key, sum);
        return all;
    }
    Totals kept(const std::string& sql) {
        Totals all;
        take(all, sql);
        return all;
    }
    void take(Totals& into, const std::string& sql) {
        const auto rows = source_.query(sql);
        while (rows->next())
            add(into,
                {day_of(rows->time(0)), rows->integer(1), rows->text(2), rows->text(3),
                 rows->text(4), rows->text(5), rows->text(6)},
                {rows->integer(7), rows->integer(8)});
    }
    static void add(Totals& into, const TotalsKey& key, Total more) {
        const auto place = into.try_emplace(key).first;
        place->second.n += more.n;
        place->second.minor += more.minor;
        if (place->second == Total{}) into.erase(place);
    }

    void compare(const Totals& kept, const Totals& right, const std::string& how) {
        std::set<TotalsKey> keys;
        for (const auto& [key, sum] : kept) keys.insert(key);
        for (const auto& [key, sum] : right) keys.insert(key);
        for (const auto& key : keys) {
            const auto is = of(kept, key), should = of(right, key);
            if (is == should) continue;
            if (++told_ > told_max) {
                ++more_;
                continue;
            }
            const auto readable = [](Total sum) {
                return std::to_string(sum.n) + " (" + std::to_string(sum.minor) + ")";
            };
            add("the sum of " + key.measure + (key.reason.empty() ? "" : " (" + key.reason + ")") +
                " of " + rfc3339(key.at).substr(0, 10) + " for " + key.fee_type + "-" +
                key.currency + "-" + key.processor + " in scope " + std::to_string(key.scope_id) +
                how + " is " + readable(is) + " instead of " + readable(should));
        }
    }
    static Total of(const Totals& all, const TotalsKey& key) {
        const auto found = all.find(key);
        return found == all.end() ? Total{} : found->second;
    }
    void add(std::string detail) { report_.differences.push_back({0, std::move(detail)}); }

    LedgerReader& source_;
    LedgerReport& report_;
    Totals expected_;  // by day
    std::size_t told_ = 0, more_ = 0;
};

}  // namespace

void verify_totals(LedgerReader& source, LedgerReport& report) {
    TotalsVerifier{source, report}.run();
}

}  // namespace payments
