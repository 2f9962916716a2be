#include "main_export.hpp"

#include <CLI/CLI.hpp>

#include "commands/exit_code.hpp"
#include "commands/settlement/export_books.hpp"
#include "main_settings.hpp"

namespace payments {

void add_export_command(
    CLI::App& app, ExportCommandOptions& options, std::function<int()>& action
) {
    auto& command = *app.add_subcommand("export", "Write a CSV file for accountants");
    auto& to = options.payments;
    command.add_option("--what", to.what, "movements, payments, refunds or daily_totals");
    command.add_option("--from", to.from, "This day or time (RFC 3339) or later");
    command.add_option("--to", to.to, "Before this day or time");
    command.add_option("--output", to.output, "File; - for standard output")->required();
    command.add_option("--form", to.form, "rfc4180 (default), or excel-hu");
    command.add_flag("--created", to.by_creation, "By when payments were begun, not money moved");
    command.add_option("--status", to.statuses, "Payments with one of these statuses");
    command.add_option("--processor", to.processors, "Of SIMPLE or STRIPE-INTENTS alone");
    command.add_option("--fee-type", to.fee_types, "Of these fees alone");
    command.add_option("--currency", to.currency, "Of one currency alone");
    command.add_option("--ticket", to.ticket_id, "Of one ticket alone");
    command.add_flag("--personal", to.is_personal, "With e-mail addresses; of payments alone");
    command.add_option("--by", to.by, "Who takes the file, kept on record");
    command
        .add_option(
            "--format", options.format,
            "books: instead, our side of settlements as JSON, for `settlement check`"
        )
        ->check(CLI::IsMember({"books"}));
    add_flags(command, options.flags, Purpose::migrate);
    command.callback([&options, &action] {
        action = [&options] {
            const auto settings = settings_from(options.flags, Purpose::migrate);
            if (!settings) return exit_code::wrong_usage;
            const auto& chosen = options.payments;
            if (options.format == "books")
                return run_export_books(*settings, {chosen.output, chosen.by});
            return run_export(*settings, chosen);
        };
    });
}

}  // namespace payments
