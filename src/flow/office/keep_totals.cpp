#include "flow/office/keep_totals.hpp"

#include "flow/office/records.hpp"
#include "flow/poll.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// A commit each, in which nobody waits long for the database.
constexpr int folded_together = 500;
constexpr int counted_together = 100;

Task<std::chrono::milliseconds> fold_round(FlowContext& context) {
    const auto folded = co_await context.store.fold_totals(context.clock.now(), folded_together);
    co_return folded < folded_together ? 1s : 0s;
}

// Not before what was learned in the last minutes of a day has been folded.
constexpr auto day_is_over_after = 1h;
constexpr int days_together = 2;

Task<std::chrono::milliseconds> day_round(FlowContext& context, DaysBetween days) {
    const Time until = context.clock.now() - day_is_over_after;
    const auto count = co_await context.office->keep_days(std::move(days), until, days_together);
    co_return count < days_together ? std::chrono::milliseconds{60s} : 20ms;
}

// What there is to count dates from an update; replicas of the version before may add to it.
Task<std::chrono::milliseconds> count_round(FlowContext& context) {
    const auto counted = co_await context.store.count_transactions(counted_together);
    co_return counted == 0 ? std::chrono::milliseconds{30s} : 50ms;
}

}  // namespace

Task<void> keep_folding_totals(FlowContext& context) {
    return poll(context, "adding up sums", fold_round);
}

Task<void> keep_adding_up_days(FlowContext& context, DaysBetween days) {
    return poll(context, "adding up days", [days = std::move(days)](FlowContext& of) {
        auto same = days;
        return day_round(of, std::move(same));
    });
}

Task<void> keep_counting_transactions(FlowContext& context) {
    return poll(context, "counting payments for sums", count_round);
}

}  // namespace payments
