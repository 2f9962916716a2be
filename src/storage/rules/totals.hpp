#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "payment/contributions.hpp"
#include "payment/sums.hpp"

// Sums of money as both stores keep them (docs/money.md, 3). Pure; any thread.
namespace payments::ledger {

struct TotalsKey {
    Time at;                // where its minute begins
    std::int64_t scope_id;  // 0 where it is not known
    std::string currency, processor, fee_type, measure, reason;

    friend auto operator<=>(const TotalsKey&, const TotalsKey&) = default;
};
struct Total {
    std::int64_t n = 0, minor = 0;

    friend bool operator==(const Total&, const Total&) = default;
};
// What is to be added to the sums, which may be less than nothing.
using Totals = std::map<TotalsKey, Total>;

// Adds what `transaction` counts for, `times` times: 1, or -1 to take it away. What comes to
// nothing is no entry.
void add(
    Totals& totals, const Transaction& transaction, std::span<const Contribution> contributions,
    int times
);

// Adds all of `more`. What comes to nothing stays as an entry of 0.
void add(Totals& sums, const Totals& more);

// Columns of tables totals and totals_pending; in totals behind `grain`.
inline constexpr std::string_view totals_columns =
    "at, scope_id, currency, processor, fee_type, measure, reason, n, minor";

// Changes one row, unless the sums have been corrected since $1 was read.
inline constexpr std::string_view next_totals_revision =
    "UPDATE totals_revision SET revision = revision + 1 WHERE revision = $1";
// Days are added up anew then, whatever was wrong with them.
inline constexpr std::string_view forget_days = "DELETE FROM totals_days";

// Gives each entry to `insert` as a row of table totals_pending.
template <class Insert>
void each_total(const Totals& totals, Insert insert) {
    for (const auto& [key, sum] : totals)
        insert(
            key.at, key.scope_id, key.currency, key.processor, key.fee_type, key.measure,
            key.reason, sum.n, sum.minor
        );
}

// The last of these that are not kept, at most `limit`.
std::vector<Bucket> days_to_keep(
    const std::vector<Bucket>& all, const std::set<std::pair<Time, Time>>& kept, int limit
);

// What is read for a query: a day, and the bucket that it is part of; a bucket by itself where it
// is not made of days. In the order of time.
struct SumsPart {
    Bucket part, whole;
};
std::vector<SumsPart> parts_of(const SumsQuery& query);

// Puts rows of an answer together: those of one bucket and kind come from totals and from
// totals_pending.
class SumsMerge {
public:
    explicit SumsMerge(const SumsQuery& query) : query_(query) {}

    // A row whose columns are those of totals_columns; `at` lies anywhere in its bucket. Throws
    // from_row::Damaged for a word that no version of ours has written.
    template <class Row>
    void take(const Row& row) {
        add(row.time(0), row.integer(1), row.text(2), row.text(3), row.text(4), row.text(5),
            row.text(6), {row.integer(7), row.integer(8)});
    }
    std::vector<SumRow> rows() const;

private:
    struct Key {
        std::size_t bucket;
        Measure measure;
        std::string currency, processor, fee_type;
        std::int64_t scope_id;
        std::string reason;

        friend auto operator<=>(const Key&, const Key&) = default;
    };
    void add(
        Time at, std::int64_t scope_id, std::string currency, std::string processor,
        std::string fee_type, const std::string& measure, std::string reason, Total sum
    );

    const SumsQuery& query_;
    std::map<Key, Total> sums_;
};

}  // namespace payments::ledger
