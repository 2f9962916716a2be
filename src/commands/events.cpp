#include "commands/events.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

constexpr std::size_t page = 500;

std::string counted(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " event" : " events");
}

std::string standing_of(const OutgoingEvent& event) {
    const auto why = " after " + std::to_string(event.tries) + " tries: " + event.last_error;
    // Delivered first: a dead letter that was replayed and then heard is no dead letter any more.
    if (event.delivered_at) return "delivered " + rfc3339(*event.delivered_at);
    if (event.skipped) return "skipped " + rfc3339(*event.dead_at);
    if (event.dead_at) return "dead " + rfc3339(*event.dead_at) + why;
    return event.tries == 0 ? "waiting" : "waiting until " + rfc3339(event.next_at) + why;
}

Task<int> list(Store& store, EventFilter which) {
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
        more = found.size() == page;
    }
    std::cout << counted(count) << "\n";
    co_return exit_code::done;
}

Task<int> replay(Store& store, EventFilter which) {
    log::outlive_readers();
    const auto count = co_await store.replay_events(which, SystemClock{}.now());
    std::cout << counted(count) << " due again\n";
    co_return exit_code::done;
}

Task<int> skip(Store& store, EventFilter which) {
    log::outlive_readers();
    const auto count = co_await store.skip_events(which, SystemClock{}.now());
    std::cout << counted(count) << " skipped\n";
    co_return exit_code::done;
}

using Act = Task<int> (*)(Store& store, EventFilter which);

int act_on(const Settings& settings, const EventFilter& which, Act act) {
    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    return run_to_end(loop, act(*store, which));
}

}  // namespace

int list_events(const Settings& settings, const EventFilter& which) {
    return act_on(settings, which, list);
}

int replay_events(const Settings& settings, const EventFilter& which) {
    return act_on(settings, which, replay);
}

int skip_events(const Settings& settings, const EventFilter& which) {
    return act_on(settings, which, skip);
}

}  // namespace payments
