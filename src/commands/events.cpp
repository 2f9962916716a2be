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
    if (event.delivered_at) return "delivered " + rfc3339(*event.delivered_at);
    if (event.skipped) return "skipped " + rfc3339(*event.dead_at);
    if (event.dead_at) return "dead " + rfc3339(*event.dead_at) + why;
    return event.tries == 0 ? "waiting" : "waiting until " + rfc3339(event.next_at) + why;
}

Task<int> list(Store& store, EventFilter which) {
    std::int64_t after = 0, count = 0;
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

// --------------------------------------------------------------------------- command line

using Chosen = std::shared_ptr<EventFilter>;

std::function<void(const std::string&)> keep_time(std::optional<Time>& into) {
    return [&into](const std::string& text) {
        into = parse_time(text);
        if (!into) throw CLI::ValidationError(text + " is no time such as 2026-03-02T12:00:00Z");
    };
}

// The options fill `chosen` while the command line is read.
void add_choice(CLI::App& command, const Chosen& chosen, bool must_choose) {
    auto& which =
        *command.add_option_group("which", "Which events; several options narrow the selection");
    if (must_choose) which.require_option(1, 0);
    const auto add_state = [&](const char* flag, EventState state, const char* help) {
        return which.add_flag_callback(
            flag, [chosen, state] { chosen->state = state; }, help
        );
    };
    auto* dead =
        add_state("--dead", EventState::dead, "Dead letters: events given up after the last retry");
    auto* waiting =
        add_state("--waiting", EventState::waiting, "Events that are still to be delivered");
    auto* delivered = add_state("--delivered", EventState::delivered, "Events that were delivered");
    auto* skipped = add_state("--skipped", EventState::skipped, "Events that were skipped");
    dead->excludes(waiting)->excludes(delivered)->excludes(skipped);
    waiting->excludes(delivered)->excludes(skipped);
    delivered->excludes(skipped);

    which.add_option_function<std::int64_t>(
        "--transaction", [chosen](const std::int64_t& id) { chosen->transaction_id = id; },
        "Events of the transaction with this number"
    );
    const auto keep_id = [chosen](const std::string& text) {
        chosen->id = EventId::parse(text);
        if (!chosen->id) throw CLI::ValidationError(text + " is not the id of an event");
    };
    which.add_option_function<std::string>("--id", keep_id, "The event with this webhook-id");
    which.add_option_function<std::string>(
        "--since", keep_time(chosen->since), "Events of changes at or after this time (RFC 3339)"
    );
    which.add_option_function<std::string>(
        "--before", keep_time(chosen->before), "Events of changes before this time (RFC 3339)"
    );
}

using Act = Task<int> (*)(Store& store, EventFilter which);

void prepare_to(Act act, CLI::App& command, const Prepare& prepare, const Chosen& chosen) {
    prepare(command, [act, chosen](const Settings& settings) {
        boost::asio::io_context loop;
        const auto store = Stores{database_of(settings)}.of(loop);
        return run_to_end(loop, act(*store, *chosen));
    });
}

}  // namespace

void add_events_commands(CLI::App& app, const Prepare& prepare) {
    auto& events = *app.add_subcommand(
        "events", "List, replay or skip outgoing events (webhooks to PAYMENTS_EVENTS_URL)"
    );
    events.require_subcommand(1);

    const auto add = [&](const char* name, const char* help, bool must_choose, Act act) {
        auto& command = *events.add_subcommand(name, help);
        const auto chosen = std::make_shared<EventFilter>();
        add_choice(command, chosen, must_choose);
        prepare_to(act, command, prepare, chosen);
    };
    add("list", "List events, oldest first", false, list);
    add("replay", "Deliver events again: `serve` sends them at once, with all their retries", true,
        replay);
    add("skip", "Give up waiting and dead events: they are never delivered", true, skip);
}

}  // namespace payments
