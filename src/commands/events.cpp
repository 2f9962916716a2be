#include "commands/events.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "storage/settlements.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

constexpr int page = 500;

std::string counted(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " event" : " events");
}

template <class Event>  // OutgoingEvent or SettlementEvent
std::string standing_of(const Event& event) {
    const auto why = " after " + std::to_string(event.tries) + " tries: " + event.last_error;
    // Delivered first: a dead letter that was replayed and then heard is no dead letter any more.
    if (event.delivered_at) return "delivered " + rfc3339(*event.delivered_at);
    if (event.skipped) return "skipped " + rfc3339(*event.dead_at);
    if (event.dead_at) return "dead " + rfc3339(*event.dead_at) + why;
    return event.tries == 0 ? "waiting" : "waiting until " + rfc3339(event.next_at) + why;
}

// The two kinds of events there are, each in tables of its own.
struct Outboxes {
    Store& payments;
    Settlements& settlements;
    EventsChoice which;

    bool is_of_payments() const { return !which.settlement_id; }
    bool is_of_settlements() const { return !which.payments.id && !which.payments.transaction_id; }
    SettlementEventsQuery settlements_query() const {
        const auto& like = which.payments;
        return {like.state, which.settlement_id, like.since, like.before, {}, false, page};
    }
};

Task<std::int64_t> list_payments(Store& store, EventFilter which) {
    std::int64_t after = 0, count = 0;
    // Page by page: without a receiver there may be millions.
    for (bool more = true; more;) {
        const auto found = co_await store.events(which, after, page);
        for (const auto& event : found) {
            std::cout << event.id().text() << "  " << rfc3339(event.at) << "  TR"
                      << event.transaction_id << "  " << event.type << "  "
                      << name(event.after.status) << "  " << standing_of(event) << "\n";
            after = event.number;
            ++count;
        }
        more = std::ssize(found) == page;
    }
    co_return count;
}

Task<std::int64_t> list_settlements(Settlements& settlements, SettlementEventsQuery query) {
    std::int64_t count = 0;
    for (bool more = true; more;) {
        const auto found = co_await settlements.find_events(query);
        for (const auto& event : found) {
            std::cout << event.id().text() << "  " << rfc3339(event.at) << "  " << event.type
                      << "  " << standing_of(event) << "\n";
            query.after = event.number;
            ++count;
        }
        more = std::ssize(found) == page;
    }
    co_return count;
}

Task<std::int64_t> change_settlements(
    Settlements& settlements, SettlementEventsQuery query, bool skips
) {
    std::int64_t count = 0;
    for (bool more = true; more;) {
        const auto found = co_await settlements.find_events(query);
        SettlementEventsChange change{skips, SystemClock{}.now()};
        for (const auto& event : found) change.numbers.push_back(event.number);
        if (!found.empty()) query.after = found.back().number;
        more = std::ssize(found) == page;
        count += co_await settlements.change_events(std::move(change));
    }
    co_return count;
}

Task<int> list(Outboxes of) {
    std::int64_t count = 0;
    if (of.is_of_payments()) count += co_await list_payments(of.payments, of.which.payments);
    if (of.is_of_settlements()) {
        auto query = of.settlements_query();
        count += co_await list_settlements(of.settlements, std::move(query));
    }
    std::cout << counted(count) << "\n";
    co_return exit_code::done;
}

Task<int> replay(Outboxes of) {
    log::outlive_readers();
    std::int64_t count = 0;
    const auto now = SystemClock{}.now();
    if (of.is_of_payments()) count += co_await of.payments.replay_events(of.which.payments, now);
    if (of.is_of_settlements()) {
        auto query = of.settlements_query();
        count += co_await change_settlements(of.settlements, std::move(query), false);
    }
    std::cout << counted(count) << " due again\n";
    co_return exit_code::done;
}

Task<int> skip(Outboxes of) {
    log::outlive_readers();
    std::int64_t count = 0;
    const auto now = SystemClock{}.now();
    if (of.is_of_payments()) count += co_await of.payments.skip_events(of.which.payments, now);
    if (of.is_of_settlements()) {
        auto query = of.settlements_query();
        count += co_await change_settlements(of.settlements, std::move(query), true);
    }
    std::cout << counted(count) << " skipped\n";
    co_return exit_code::done;
}

using Act = Task<int> (*)(Outboxes of);

int act_on(const Settings& settings, const EventsChoice& which, Act act) {
    boost::asio::io_context loop;
    const auto database = database_of(settings);
    const auto store = Stores{database}.of(loop);
    const auto settlements = settlements_of(database, {});
    return run_to_end(loop, act(Outboxes{*store, *settlements, which}));
}

}  // namespace

int list_events(const Settings& settings, const EventsChoice& which) {
    return act_on(settings, which, list);
}

int replay_events(const Settings& settings, const EventsChoice& which) {
    return act_on(settings, which, replay);
}

int skip_events(const Settings& settings, const EventsChoice& which) {
    return act_on(settings, which, skip);
}

}  // namespace payments
