#include "storage/verify/rebuild_totals.hpp"

#include <algorithm>

namespace payments {
namespace {

// A commit each, which nobody waits long for.
constexpr std::size_t corrected_together = 500;

void add_differences(
    std::vector<TotalsCorrection>& list, Grain grain, const ledger::Totals& right, TotalsOf kept
) {
    TotalsOf missing{std::move(kept)};
    for (auto& [key, sum] : missing.totals) sum = {-sum.n, -sum.minor};
    for (const auto& [key, sum] : right) missing.add(key, sum);
    for (auto& [key, sum] : missing.totals) list.push_back({grain, key, sum});
}

std::int64_t number_in(LedgerReader& source, const std::string& sql) {
    const auto rows = source.query(sql);
    return rows->next() ? rows->integer(0) : 0;
}

struct Found {
    std::int64_t revision, transactions;
    std::vector<TotalsCorrection> corrections;
};

Found compare(LedgerReader& source, Time now, const VerifyOptions& options) {
    source.begin();
    Found found{};
    found.revision = number_in(source, "SELECT revision FROM totals_revision");
    const auto of = number_in(source, "SELECT count(*) FROM transactions");
    const auto tell = [&](std::int64_t count) {
        if (options.progress) options.progress({count, of});
    };
    // Minutes from a whole one on, so that none is half of its sum.
    TotalsOf right[] = {{length_of(Grain::quarter)}, {length_of(Grain::minute)}};
    right[1].since = right[1].place_of(now - minutes_kept_for);
    found.transactions = add_counted(source, right, tell);
    const std::pair<Grain, TotalsOf&> grains[] = {
        {Grain::quarter, right[0]}, {Grain::minute, right[1]}};
    for (const auto& [grain, sums] : grains) {
        TotalsOf kept{sums.grain, sums.since};
        add_kept(source, "totals_pending", kept);
        add_kept(source, "totals WHERE grain = " + std::to_string(static_cast<int>(grain)), kept);
        add_differences(found.corrections, grain, sums.totals, std::move(kept));
    }
    source.end();
    tell(of);
    return found;
}

}  // namespace

RebuiltTotals rebuild_totals(
    LedgerReader& source, TotalsCorrector& corrector, Time now, const VerifyOptions& options
) {
    auto [revision, transactions, corrections] = compare(source, now, options);
    RebuiltTotals rebuilt{transactions};
    std::span<const TotalsCorrection> left{corrections};
    // Also when there is nothing to correct: what is made of the sums is made anew then.
    do {
        const auto some = left.first(std::min(left.size(), corrected_together));
        rebuilt.is_whole = corrector.correct(revision++, some);
        if (!rebuilt.is_whole) return rebuilt;
        rebuilt.corrected += static_cast<std::int64_t>(some.size());
        left = left.subspan(some.size());
    } while (!left.empty());
    return rebuilt;
}

}  // namespace payments
