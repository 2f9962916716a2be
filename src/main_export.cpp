#include "main_export.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <tuple>

#include "commands/exit_code.hpp"
#include "commands/settlement/export_books.hpp"
#include "main_settings.hpp"

namespace payments {

namespace {

// Options that were given, of a group.
std::vector<std::string> given(const CLI::App& group) {
    std::vector<std::string> names;
    for (const auto* option : group.get_options())
        if (option->count() > 0) names.push_back(option->get_name());
    return names;
}

// --format says which of the files is wanted; options of another are mistakes.
void refuse_others(
    const std::string& format, const CLI::App& of_payments, const CLI::App& of_journals
) {
    const auto payments = given(of_payments), journals = given(of_journals);
    if (!format.empty() && !payments.empty()) throw CLI::ExcludesError("--format", payments[0]);
    if (format.empty() && !journals.empty()) throw CLI::RequiresError(journals[0], "--format");
    if (format == "books" && !journals.empty())
        throw CLI::ExcludesError("--format books", journals[0]);
}

int run_with_settings(const ExportCommandOptions& options) {
    const auto settings = settings_from(options.flags, Purpose::migrate);
    if (!settings) return exit_code::wrong_usage;
    const auto& chosen = options.payments;
    if (options.journal.format.empty()) return run_export(*settings, chosen);
    if (options.journal.format == "books")
        return run_export_books(*settings, {chosen.output, chosen.by});
    return run_export_journal(*settings, options.journal, std::cerr);
}

}  // namespace

void add_export_command(
    CLI::App& app, ExportCommandOptions& options, std::function<int()>& action
) {
    auto& command = *app.add_subcommand(
        "export", "Write a file for accountants: payments, or with --format settlements"
    );
    auto& to = options.payments;
    command.add_option("--from", to.from, "This day or time (RFC 3339) or later");
    command.add_option("--to", to.to, "Before this day or time");
    command.add_option(
        "--output", to.output, "File; - for standard output, as of journals without it"
    );
    command.add_option("--by", to.by, "Who takes the file, kept on record");
    add_flags(command, options.flags, Purpose::migrate);

    auto& of_payments = *command.add_option_group("Payments, as CSV");
    of_payments.add_option("--what", to.what, "movements, payments, refunds or daily_totals");
    of_payments.add_option("--form", to.form, "rfc4180 (default), or excel-hu");
    of_payments.add_flag(
        "--created", to.by_creation, "By when payments were begun, not money moved"
    );
    of_payments.add_option("--status", to.statuses, "Payments with one of these statuses");
    of_payments.add_option("--processor", to.processors, "Of SIMPLE or STRIPE-INTENTS alone");
    of_payments.add_option("--fee-type", to.fee_types, "Of these fees alone");
    of_payments.add_option("--currency", to.currency, "Of one currency alone");
    of_payments.add_option("--ticket", to.ticket_id, "Of one ticket alone");
    of_payments.add_flag("--personal", to.is_personal, "With e-mail addresses; of payments alone");

    auto& journal = options.journal;
    command.add_option(
        "--format", journal.format,
        "Instead, of settlements: books, our side as JSON for `settlement check`; or the movements "
        "of whole days with fees and payouts as csv, hledger, ledger or beancount"
    );
    auto& of_journals = *command.add_option_group("Settlements");
    of_journals.add_option("--profile", journal.profile, "Of csv: plain (default) or hu");
    of_journals.add_option("--books", journal.books, "Without a database: as of settlement check");
    of_journals.add_option("--files", journal.manifest, "List of files, as of settlement check");

    command.callback([&options, &action, &of_payments, &of_journals] {
        auto& asked = options.journal;
        refuse_others(asked.format, of_payments, of_journals);
        auto& chosen = options.payments;
        if (chosen.output.empty()) {
            if (asked.format.empty() || asked.format == "books")
                throw CLI::RequiredError("--output");
            chosen.output = "-";
        }
        std::tie(asked.from, asked.to) = std::tie(chosen.from, chosen.to);
        std::tie(asked.output, asked.by) = std::tie(chosen.output, chosen.by);
        const bool is_of_files = !asked.books.empty() || !asked.manifest.empty();
        action = [&options, is_of_files] {
            return is_of_files ? run_export_journal(options.journal, std::cerr)
                               : run_with_settings(options);
        };
    });
}

}  // namespace payments
