#include "flow/backfill_events.hpp"

#include <algorithm>

#include "flow/record_facts.hpp"
#include "flow/when_all.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr auto tried_for = 72h;  // how long Stripe itself goes on sending an event
constexpr auto pause = 5min;
constexpr auto known_for = 1h;  // then all are recorded again, should the database be an older copy
constexpr std::size_t events_max = 5'000;       // held at once, so that the oldest come first
constexpr std::size_t backfill_batch_max = 50;  // share one flush

// What the database refuses of one event must not cost those that were listed beside it.
Task<Recorded> record_one(FlowContext& context, Heard heard, std::string identity) {
    try {
        co_return co_await record_facts(context, std::move(heard));
    } catch (const StoreDown&) {
        throw;
    } catch (const std::exception& refused) {
        log::error("a listed event is passed over", "event", identity, "reason", refused.what());
    }
    co_return Recorded{};
}

using Missing = const std::vector<MissingNumbers>*;

Task<void> take_one(FlowContext& context, Heard read, Missing missing, BackfillResult* backfilled) {
    auto lost = missing ? lost_payment_in(read, *missing) : std::nullopt;
    auto identity = read.message->identity;
    auto heard = Heard::listed_event(std::move(read));
    const auto recorded = co_await record_one(context, std::move(heard), std::move(identity));
    if (!recorded.transaction && lost) backfilled->lost.push_back(std::move(*lost));
    if (!recorded.transaction) co_return;
    ++backfilled->matched;
    const auto& now = *recorded.transaction;
    if (now.status != recorded.before)
        backfilled->changes.push_back({now.reference(), recorded.before, now.status});
}

// Records a page, the oldest event first, so that the ledger has the order in which things
// happened. `newest_first` is empty when it returns, for a page may be large.
Task<void> learn_page(
    FlowContext& context, std::vector<Notification> newest_first, Missing missing,
    BackfillResult* backfilled
) {
    backfilled->heard += newest_first.size();
    std::vector<Task<void>> tasks;
    while (!newest_first.empty()) {
        tasks.push_back(take_one(context, std::move(newest_first.back().heard), missing, backfilled)
        );
        newest_first.pop_back();
        if (tasks.size() < backfill_batch_max && !newest_first.empty()) continue;
        co_await when_all(std::move(tasks));
        tasks.clear();
    }
}

}  // namespace

Task<BackfillResult> backfill_events(
    FlowContext& context, ProviderEventSource& source, ProviderEventQuery query,
    std::set<std::string>& known, Missing missing
) {
    BackfillResult backfilled;
    std::vector<Notification> waiting;
    std::set<std::string> taken;
    std::string after;
    while (!backfilled.complete) {
        auto page = co_await source.list(query, after);
        if (!page.answered) break;
        for (auto& event : page.events) {
            const auto& id = event.heard.message->identity;
            if (!known.contains(id) && taken.insert(id).second) waiting.push_back(std::move(event));
        }
        backfilled.complete = !page.has_more;
        after = page.last_id;
        if (waiting.size() < events_max) continue;
        co_await learn_page(context, std::move(waiting), missing, &backfilled);
        waiting.clear();
    }
    co_await learn_page(context, std::move(waiting), missing, &backfilled);
    known.merge(taken);
    co_return backfilled;
}

// No failure of a round may end the task: nothing else makes up for a lost webhook of a final
// attempt.
Task<void> keep_backfilling(FlowContext& context, ProviderEventSource& source) {
    std::set<std::string> known;
    auto forget_at = context.clock.now() + known_for;
    while (true) {
        const auto now = context.clock.now();
        if (now >= forget_at) {
            known.clear();
            forget_at = now + known_for;
        }
        try {
            const auto backfilled =
                co_await backfill_events(context, source, {now - tried_for, true}, known);
            if (backfilled.matched > 0)
                log::info(
                    "learned of events that no webhook had brought", "events",
                    static_cast<std::int64_t>(backfilled.matched), "changed",
                    static_cast<std::int64_t>(backfilled.changes.size())
                );
            if (!backfilled.complete) log::warning("the list of events could not be read");
        } catch (const std::exception& broken) {
            log::error("catching up is put off", "reason", broken.what());
        }
        co_await context.clock.sleep_until(context.clock.now() + pause);
    }
}

}  // namespace payments
