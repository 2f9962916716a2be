#include "flow/settlement/fetch_settlements.hpp"

#include <algorithm>

namespace payments {
namespace {

// What comes of one payout; an error ends all.
Task<Result<void>> fetch_lines(
    SettlementSource& source, SettlementSink& sink, ListedPayout payout, FetchResult& result
) {
    if (payout.lines == PayoutLines::not_yet) {
        ++result.not_yet;
        co_return Result<void>{};
    }
    if (payout.lines == PayoutLines::never_told) {
        ++result.never_told;
        co_return Result<void>{};
    }
    auto asked_for = payout.id;
    if (co_await sink.has_lines_of(std::move(asked_for))) {
        ++result.known;
        co_return Result<void>{};
    }
    auto lines = co_await source.lines_of(std::move(payout.id));
    if (!lines) co_return lines.error();
    const auto taken = co_await sink.take(std::move(*lines));
    if (!taken) co_return taken.error();
    ++result.fetched;
    co_return Result<void>{};
}

}  // namespace

Task<Result<FetchResult>> fetch_settlements(
    std::vector<SettlementSource*> sources, SettlementSink& sink, Time since,
    std::function<void(const FetchResult&)> progress
) {
    FetchResult result;
    for (auto* source : sources) {
        auto list = co_await source->payouts(since);
        if (!list) co_return list.error();
        result.payouts += static_cast<std::int64_t>(list->payouts.size());
        // Without a payout there is nothing to tell, and a list of none is no file.
        if (list->payouts.empty()) continue;
        const auto taken = co_await sink.take(std::move(list->document));
        if (!taken) co_return taken.error();
        progress(result);
        // Lines that an older payout left are carried to the next: in their order they add up after
        // every document.
        std::ranges::reverse(list->payouts);
        for (auto& payout : list->payouts) {
            const auto done = co_await fetch_lines(*source, sink, std::move(payout), result);
            if (!done) co_return done.error();
            progress(result);
        }
    }
    co_return result;
}

}  // namespace payments
