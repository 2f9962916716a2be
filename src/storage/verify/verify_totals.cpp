#include "storage/verify/verify_totals.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "storage/rules/rows.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

using ledger::Total;
using ledger::Totals;
using ledger::TotalsKey;

constexpr std::size_t told_max = 20;

constexpr std::chrono::days day{1};  // of UTC
constexpr std::chrono::milliseconds one_ms{1};

Time day_of(Time at) { return std::chrono::floor<std::chrono::days>(at); }

class TotalsVerifier {
public:
    TotalsVerifier(LedgerReader& source, LedgerReport& report) : source_(source), report_(report) {}

    // Reads all that is counted where it is not given.
    void run(std::optional<TotalsOf> added) {
        source_.begin();
        auto right = added ? std::move(*added) : no_totals();
        if (!added) add_counted(source_, {&right, 1});
        compare(kept(Grain::quarter), right.totals, "");
        compare_minutes(right.totals);
        compare_added_up("<= 180000000", ", added up by day,");
        compare_added_up("> 180000000", ", added up by month,");
        source_.end();
        if (more_ > 0)
            add("sums of money: " + std::to_string(more_) + " more of them are not what they were");
    }

private:
    // Those of the first day were partly forgotten.
    void compare_minutes(const Totals& right) {
        const auto oldest = source_.query("SELECT min(at) FROM totals WHERE grain = 1");
        if (!oldest->next() || oldest->is_null(0)) return;
        const auto since = day_of(oldest->time(0)) + day;
        const auto later = [&](const Totals& all) {
            Totals some;
            for (const auto& [key, sum] : all)
                if (key.at >= since) some.emplace(key, sum);
            return some;
        };
        compare(later(kept(Grain::minute)), later(right), ", minute by minute,");
    }

    // Days or months that are added up, with what they are made of: whether that is right is
    // compared above.
    void compare_added_up(const std::string& length, const std::string& how) {
        TotalsOf days{one_ms}, quarters{one_ms};
        add_kept(
            source_,
            "(SELECT d.* FROM totals_days AS k JOIN totals AS d"
            " ON d.grain = (k.until - k.at) / 60000 AND d.at = k.at"
            " WHERE k.until - k.at " + length + ") AS days",
            days
        );
        add_kept(
            source_,
            "(SELECT k.at, scope_id, currency, processor, fee_type, measure, reason, n, minor"
            " FROM totals_days AS k JOIN totals AS q"
            " ON q.grain = 15 AND q.at >= k.at AND q.at < k.until"
            " WHERE k.until - k.at " + length + ") AS days",
            quarters
        );
        compare(days.totals, quarters.totals, how);
    }

    Totals kept(Grain grain) {
        TotalsOf all{day};
        add_kept(source_, "totals_pending", all);
        add_kept(source_, "totals WHERE grain = " + std::to_string(static_cast<int>(grain)), all);
        return std::move(all.totals);
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
            const auto when = rfc3339(key.at);
            const auto readable = [](Total sum) {
                return std::to_string(sum.n) + " (" + std::to_string(sum.minor) + ")";
            };
            add("the sum of " + key.measure + (key.reason.empty() ? "" : " (" + key.reason + ")") +
                " of " + (day_of(key.at) == key.at ? when.substr(0, 10) : when) + " for " +
                key.fee_type + "-" + key.currency + "-" + key.processor + " in scope " +
                std::to_string(key.scope_id) + how + " is " + readable(is) + " instead of " +
                readable(should));
        }
    }
    static Total of(const Totals& all, const TotalsKey& key) {
        const auto found = all.find(key);
        return found == all.end() ? Total{} : found->second;
    }
    void add(std::string detail) { report_.differences.push_back({0, std::move(detail)}); }

    LedgerReader& source_;
    LedgerReport& report_;
    std::size_t told_ = 0, more_ = 0;
};

}  // namespace

TotalsOf no_totals() { return TotalsOf{day}; }

void verify_totals(LedgerReader& source, TotalsOf added, LedgerReport& report) {
    LedgerReport found;
    try {
        TotalsVerifier{source, found}.run(std::move(added));
    } catch (const from_row::Damaged&) {
        std::ranges::move(found.differences, std::back_inserter(report.differences));
        throw;
    }
    if (!found.differences.empty()) TotalsVerifier{source, report}.run({});
}

}  // namespace payments
