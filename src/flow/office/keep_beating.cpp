#include "flow/office/keep_beating.hpp"

#include <algorithm>
#include <memory>

#include "flow/poll.hpp"

namespace payments {
namespace {

// A commit each, in which nobody waits long for the database.
constexpr int forgotten_together = 500;
constexpr int beats_between_forgetting = 60;

// By how much our clock is ahead of the database's, which was asked in between.
Task<std::optional<std::chrono::milliseconds>> ahead_of_database(
    FlowContext& context, HealthRecords& records
) {
    const auto before = context.clock.now();
    const auto there = co_await records.database_time();
    if (!there) co_return std::nullopt;
    co_return before + (context.clock.now() - before) / 2 - *there;
}

struct Beating {
    Heart heart;
    int beats = 0;
};

Task<std::chrono::milliseconds> beat_round(
    FlowContext& context, HealthRecords& records, std::shared_ptr<Beating> beating
) {
    co_await beating->heart.beat(context, records);
    if (beating->beats++ % beats_between_forgetting != 0) co_return beat_interval;
    const auto before = context.clock.now() - heartbeats_kept_for;
    while (co_await records.forget_heartbeats(before, forgotten_together) == forgotten_together)
        co_await context.clock.sleep_until(context.clock.now() + poll_interval);
    co_return beat_interval;
}

}  // namespace

Task<void> Heart::beat(FlowContext& context, HealthRecords& records) {
    auto counted = pulse_.calls();
    Heartbeat heartbeat{pulse_.replica()};
    heartbeat.replica.ahead = co_await ahead_of_database(context, records);
    heartbeat.replica.seen_at = context.clock.now();
    for (const auto& [outside, counts] : counted) {
        const auto told = std::ranges::find(told_, outside, &OutsideCalls::outside);
        auto news = counts;
        if (told != told_.end()) news -= told->counts;
        if (news.calls > 0) heartbeat.calls.push_back({outside, news});
    }
    co_await records.beat(std::move(heartbeat));
    told_ = std::move(counted);
}

Task<void> keep_beating(FlowContext& context, HealthRecords& records, Pulse pulse) {
    const auto beating = std::make_shared<Beating>(Beating{Heart{std::move(pulse)}});
    Round round = [&records, beating](FlowContext& here) {
        return beat_round(here, records, beating);
    };
    return poll(context, "a heartbeat", std::move(round), beat_interval);
}

}  // namespace payments
