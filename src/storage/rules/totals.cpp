#include "storage/rules/totals.hpp"

#include <algorithm>

#include "storage/rules/rows.hpp"

namespace payments::ledger {

void add(
    Totals& totals, const Transaction& transaction, std::span<const Contribution> contributions,
    int times
) {
    for (const auto& [at, measure, reason, amount] : contributions) {
        TotalsKey key{
            at,
            transaction.scope_id.value_or(0),
            std::string{amount.currency().code()},
            std::string{name(transaction.code.processor)},
            transaction.code.fee_type,
            std::string{name(measure)},
            reason};
        const auto place = totals.try_emplace(std::move(key)).first;
        auto& sum = place->second;
        sum.n += times;
        sum.minor += times * amount.minor();
        if (sum == Total{}) totals.erase(place);
    }
}

void add(Totals& sums, const Totals& more) {
    for (const auto& [key, sum] : more) {
        auto& known = sums[key];
        known.n += sum.n;
        known.minor += sum.minor;
    }
}

std::vector<Bucket> days_to_keep(
    const std::vector<Bucket>& all, const std::set<std::pair<Time, Time>>& kept, int limit
) {
    std::vector<Bucket> missing;
    for (auto day = all.rbegin(); day != all.rend() && std::ssize(missing) < limit; ++day)
        if (!kept.contains({day->from, day->to})) missing.push_back(*day);
    return missing;
}

std::vector<SumsPart> parts_of(const SumsQuery& query) {
    std::vector<SumsPart> parts;
    if (query.days.empty()) {
        for (const auto& bucket : query.buckets) parts.push_back({bucket, bucket});
        return parts;
    }
    auto whole = query.buckets.begin();
    for (const auto& day : query.days) {
        while (std::next(whole) != query.buckets.end() && whole->to <= day.from) ++whole;
        parts.push_back({day, *whole});
    }
    return parts;
}

void SumsMerge::add(
    Time at, std::int64_t scope_id, std::string currency, std::string processor,
    std::string fee_type, const std::string& measure, std::string reason, Total sum
) {
    const auto behind = std::ranges::upper_bound(query_.buckets, at, {}, &Bucket::from);
    if (behind == query_.buckets.begin() || at >= std::prev(behind)->to) return;
    const auto bucket = static_cast<std::size_t>(std::prev(behind) - query_.buckets.begin());
    auto& known = sums_[{
        bucket, from_row::sound(measure_of(measure)), std::move(currency), std::move(processor),
        std::move(fee_type), scope_id, std::move(reason)}];
    known.n += sum.n;
    known.minor += sum.minor;
}

std::vector<SumRow> SumsMerge::rows() const {
    std::vector<SumRow> list;
    for (const auto& [key, sum] : sums_) {
        if (sum.n == 0) continue;
        SumRow row{key.bucket, key.measure, key.currency, key.processor, key.fee_type};
        if (key.scope_id != 0) row.scope_id = key.scope_id;
        row.reason = key.reason;
        row.n = sum.n;
        row.minor = sum.minor;
        list.push_back(std::move(row));
    }
    return list;
}

}  // namespace payments::ledger
