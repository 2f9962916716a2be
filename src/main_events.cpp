#include "main_events.hpp"

#include <CLI/CLI.hpp>

#include "commands/exit_code.hpp"
#include "main_settings.hpp"

namespace payments {
namespace {

// The options fill `chosen` while the command line is read.
void add_choice(CLI::App& command, EventsChoice& choice, bool must_choose) {
    auto& chosen = choice.payments;
    auto& which =
        *command.add_option_group("which", "Which events; several options narrow the selection");
    // What changes rows needs a choice: without one it would mean every event there ever was.
    if (must_choose) which.require_option(1, 0);
    const auto add_state = [&](const char* flag, EventState state, const char* help) {
        return which.add_flag_callback(
            flag, [&chosen, state] { chosen.state = state; }, help
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
        "--transaction", [&chosen](const std::int64_t& id) { chosen.transaction_id = id; },
        "Events of the transaction with this number"
    );
    const auto keep_id = [&choice](const std::string& text) {
        choice.payments.id = EventId::parse(text);
        choice.settlement_id = SettlementEventId::parse(text);
        if (!choice.payments.id && !choice.settlement_id)
            throw CLI::ValidationError(text + " is not the id of an event");
    };
    which.add_option_function<std::string>("--id", keep_id, "The event with this webhook-id");
    which.add_option_function<std::string>(
        "--since", keep_time(chosen.since), "Events of changes at or after this time (RFC 3339)"
    );
    which.add_option_function<std::string>(
        "--before", keep_time(chosen.before), "Events of changes before this time (RFC 3339)"
    );
}

}  // namespace

void add_events_commands(CLI::App& app, EventsOptions& options, std::function<int()>& action) {
    auto& events = *app.add_subcommand(
        "events", "List, replay or skip outgoing events (webhooks to PAYMENTS_EVENTS_URL)"
    );
    events.require_subcommand(1);

    using Act = int (*)(const Settings& settings, const EventsChoice& which);
    const auto add = [&](const char* name, const char* help, bool must_choose, Act act) {
        auto& command = *events.add_subcommand(name, help);
        add_choice(command, options.which, must_choose);
        add_flags(command, options.flags, Purpose::migrate);
        command.callback([&options, &action, act] {
            action = [&options, act] {
                const auto settings = settings_from(options.flags, Purpose::migrate);
                return settings ? act(*settings, options.which) : exit_code::wrong_usage;
            };
        });
    };
    add("list", "List events, oldest first, of payments and then of settlements", false,
        list_events);
    add("replay", "Deliver events again: `serve` sends them at once, with all their retries", true,
        replay_events);
    add("skip", "Give up waiting and dead events: they are never delivered", true, skip_events);
}

}  // namespace payments
