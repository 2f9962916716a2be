#include "main_settlements.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "commands/exit_code.hpp"
#include "main_settings.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

// Gives a command the settings of the database, and what it does once they are known to be right.
using WithSettings =
    std::function<void(CLI::App& command, std::function<int(const Settings&)> run)>;

void add_as_of(CLI::App& command, std::optional<Time>& into, const char* otherwise) {
    command.add_option_function<std::string>(
        "--as-of",
        [&into](const std::string& text) {
            into = parse_time(text);
            if (!into)
                throw CLI::ValidationError(text + " is no time such as 2026-03-02T12:00:00Z");
        },
        std::string{"What was known at this moment (RFC 3339); else "} + otherwise
    );
}

void add_check(CLI::App& settlement, SettlementOptions& options, std::function<int()>& action) {
    auto& check = *settlement.add_subcommand(
        "check", "Match files of providers and banks with exported books, without a database"
    );
    check.add_option("--books", options.check.books, "Our side, a JSON document")->required();
    check.add_option("--files", options.check.manifest, "List of the files, a JSON document")
        ->required();
    add_as_of(check, options.check.as_of, "the books'");
    check.add_flag("--json", options.check.as_json, "For programs");
    check.callback([&] {
        action = [&options] { return run_settlement_check(options.check, std::cout, std::cerr); };
    });
}

void add_import(
    CLI::App& settlement, SettlementImportOptions& to, const WithSettings& with_settings
) {
    auto& command = *settlement.add_subcommand(
        "import", "Put files of providers and banks on record, each whole or not at all"
    );
    command.add_option("files", to.files, "The files")->required();
    command.add_option("--format", to.format, "Of the files; told by their content without it")
        ->check(CLI::IsMember(
            {"simplepay", "stripe-csv", "stripe-json", "stripe-payouts", "camt053", "mt940",
             "otp-csv"}
        ));
    command.add_option("--mapping", to.mapping, "What the columns of a SimplePay table mean, JSON");
    command.add_option(
        "--account", to.account, "Merchant account or IBAN, where the files name none"
    );
    command.add_option("--payout", to.payout, "Of a list of Stripe's that is of one payout");
    command.add_flag("--allow-empty", to.may_be_empty, "A settlement without a line is no mistake");
    command.add_flag("--dry-run", to.only_tries, "Say what would be new, keep nothing");
    command.add_flag("--json", to.as_json, "One object a file, for programs");
    command.add_option("--by", to.by, "Who imports them, kept on record");
    with_settings(command, [&to](const Settings& settings) {
        return run_settlement_import(settings, to, std::cout, std::cerr);
    });
}

void add_fetch(CLI::App& settlement, SettlementOptions& options, std::function<int()>& action) {
    auto& to = options.fetch;
    auto& command = *settlement.add_subcommand(
        "fetch", "Ask Stripe for its payouts and for what is in them, and put that on record"
    );
    command.add_option_function<std::string>(
        "--since",
        [&to](const std::string& text) {
            to.since = parse_time(text);
            if (!to.since) to.since = parse_time(text + "T00:00:00Z");
            if (!to.since) throw CLI::ValidationError(text + " is neither a day nor a time");
        },
        "Payouts made at or after this day (in UTC) or time (RFC 3339); else of 30 days"
    );
    command.add_option(
        "--save", to.folder, "Write files and their manifest.json into this folder instead"
    );
    command.add_option("--by", to.by, "Who fetches them, kept on record");
    add_flags(command, options.flags, Purpose::serve);
    command.callback([&options, &action] {
        action = [&options] {
            const auto settings = settings_from(options.flags, Purpose::serve);
            if (!settings) return exit_code::wrong_usage;
            return run_settlement_fetch(*settings, options.fetch, std::cout, std::cerr);
        };
    });
}

void add_match(
    CLI::App& settlement, SettlementOptions& options, const WithSettings& with_settings
) {
    auto& match = *settlement.add_subcommand("match", "Match what is on record, list findings");
    add_as_of(match, options.match.as_of, "now");
    match.add_flag_callback(
        "--json", [&options] { options.match.format = "json"; }, "For programs"
    );
    with_settings(match, [&options](const Settings& settings) {
        return run_settlement_match(settings, options.match, std::cout);
    });
    auto& report = *settlement.add_subcommand(
        "report", "Of each account its payouts, fees, balance, findings and control equations"
    );
    options.report.is_report = true;
    add_as_of(report, options.report.as_of, "now");
    report.add_option("--format", options.report.format, "csv has the payouts alone")
        ->check(CLI::IsMember({"text", "json", "csv"}))
        ->capture_default_str();
    with_settings(report, [&options](const Settings& settings) {
        return run_settlement_match(settings, options.report, std::cout);
    });
}

void add_close(CLI::App& settlement, SettlementOptions& options, std::function<int()>& action) {
    auto& to = options.close;
    auto& command = *settlement.add_subcommand(
        "close", "A month as an accountant signs it: balances, movements, what is not explained"
    );
    command.add_option("--month", to.month, "Which, such as 2026-11")->required();
    command.add_option("--format", to.format, "csv has a row for each number")
        ->check(CLI::IsMember({"text", "json", "csv"}))
        ->capture_default_str();
    add_as_of(command, to.as_of, "now, or the books'");
    auto* books =
        command.add_option("--books", to.books, "Without a database: as of settlement check");
    command.add_option("--files", to.manifest, "List of files, as of settlement check");
    command
        .add_flag(
            "--for-good", to.closes,
            "Close the month, and those before: what is learned later becomes corrections"
        )
        ->excludes(books);
    command.add_option(
        "--reason", to.reason, "Why it is closed although findings are open or it may be settled"
    );
    command.add_option("--by", to.by, "Who takes or closes it, kept on record");
    add_flags(command, options.flags, Purpose::migrate);
    command.callback([&options, &action] {
        action = [&options] {
            const auto& chosen = options.close;
            if (!chosen.books.empty() || !chosen.manifest.empty())
                return run_month_close(chosen, std::cout, std::cerr);
            const auto settings = settings_from(options.flags, Purpose::migrate);
            if (!settings) return exit_code::wrong_usage;
            return run_month_close(*settings, chosen, std::cout, std::cerr);
        };
    });
}

void add_decision(
    CLI::App& settlement, const char* name, const char* help, SettlementDecisionOptions& to,
    const WithSettings& with_settings
) {
    auto& command = *settlement.add_subcommand(name, help);
    command.add_option("finding", to.finding, "Its key, as match lists it")->required();
    command.add_option("--reason", to.reason, "Why, kept on record")->required();
    command.add_option("--by", to.by, "Who decides, kept on record");
    with_settings(command, [&to](const Settings& settings) {
        return run_settlement_decision(settings, to, std::cout, std::cerr);
    });
}

}  // namespace

void add_settlement_commands(
    CLI::App& app, SettlementOptions& options, std::function<int()>& action
) {
    const WithSettings with_settings = [&](CLI::App& command, auto run) {
        add_flags(command, options.flags, Purpose::migrate);
        command.callback([&options, &action, run = std::move(run)] {
            action = [&options, run] {
                const auto settings = settings_from(options.flags, Purpose::migrate);
                return settings ? run(*settings) : exit_code::wrong_usage;
            };
        });
    };
    auto& settlement = *app.add_subcommand("settlement", "What providers paid out, and what not");
    settlement.require_subcommand(1);
    add_check(settlement, options, action);
    add_import(settlement, options.import, with_settings);
    add_fetch(settlement, options, action);
    add_match(settlement, options, with_settings);
    add_close(settlement, options, action);
    add_decision(
        settlement, "accept", "Close a finding, for the numbers it has now", options.accept,
        with_settings
    );
    options.reopen.is_accepted = false;
    add_decision(settlement, "reopen", "Open it again", options.reopen, with_settings);
    auto& files = *settlement.add_subcommand("files", "List the files that were imported");
    files.add_flag("--json", options.files_as_json, "One object a file, for programs");
    with_settings(files, [&options](const Settings& settings) {
        return run_settlement_files(settings, options.files_as_json, std::cout);
    });
}

}  // namespace payments
