#include "main_visitor.hpp"

#include <CLI/CLI.hpp>

#include "commands/exit_code.hpp"
#include "main_settings.hpp"
#include "support/times.hpp"

namespace payments {

void add_visitor_commands(
    CLI::App& app, VisitorCommandOptions& options, std::function<int()>& action
) {
    auto& visitor = *app.add_subcommand(
        "visitor", "What is held on a visitor, whose e-mail address comes from standard input"
    );
    visitor.require_subcommand(1);
    auto& to = options.visitor;
    using Act = int (*)(const Settings&, const VisitorOptions&);
    const auto runs = [&](CLI::App& command, Act act) {
        add_flags(command, options.flags, Purpose::migrate);
        command.callback([&options, &action, act] {
            action = [&options, act] {
                const auto settings = settings_from(options.flags, Purpose::migrate);
                return settings ? act(*settings, options.visitor) : exit_code::wrong_usage;
            };
        });
    };
    const auto add = [&](const char* name, const char* help, Act act) -> CLI::App& {
        auto& command = *visitor.add_subcommand(name, help);
        command.add_option("--ticket", to.ticket, "Instead, all payments of this ticket")
            ->check(CLI::PositiveNumber);
        runs(command, act);
        return command;
    };
    const auto add_reason = [&](CLI::App& command) {
        command.add_option("--why", to.why, "Why, kept on record; no personal data")->required();
        command.add_option("--by", to.by, "Who does it, kept on record");
    };
    auto& show = add("show", "List what is held, and what of it may go", show_visitor);
    show.add_flag("--json", to.as_json, "Print the report as JSON");
    auto& exported = add("export", "Write all of it to a file, as JSON", export_visitor);
    add_reason(exported);
    exported.add_option("--output", to.output, "File; - for standard output")->required();
    auto& erase = add("erase", "Erase what may go, and say what is kept until when", erase_visitor);
    add_reason(erase);
    auto* as_json = erase.add_flag("--json", to.as_json, "Print the report as JSON");
    erase
        .add_option(
            "--again", to.again,
            "Instead, after a restore, what this list, log or report of erasures names; - for"
            " standard input"
        )
        ->excludes(as_json)
        ->excludes(erase.get_option("--ticket"));
    auto& erasures = *visitor.add_subcommand(
        "erasures", "List erasures, for `erase --again` after a restore: numbers, and no words"
    );
    const auto keep_since = [&to](const std::string& text) {
        const auto since = parse_time(text);
        if (!since) throw CLI::ValidationError(text + " is no time such as 2026-03-02T12:00:00Z");
        to.since = *since;
    };
    erasures.add_option_function<std::string>(
        "--since", keep_since, "Those asked for at this time (RFC 3339) or later"
    );
    runs(erasures, list_erasures);

    auto& due = *app.add_subcommand(
        "erase-due", "Erase personal data whose time has come, as `serve` does by itself"
    );
    add_flags(due, options.flags, Purpose::migrate);
    due.callback([&options, &action] {
        action = [&options] {
            const auto settings = settings_from(options.flags, Purpose::migrate);
            return settings ? erase_due(*settings) : exit_code::wrong_usage;
        };
    });
}

}  // namespace payments
