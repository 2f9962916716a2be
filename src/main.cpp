#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "app/serve.hpp"
#include "commands/backup/backup.hpp"
#include "commands/backup/restore.hpp"
#include "commands/check_config.hpp"
#include "commands/close.hpp"
#include "commands/copy.hpp"
#include "commands/demo.hpp"
#include "commands/doctor.hpp"
#include "commands/exit_code.hpp"
#include "commands/migrate.hpp"
#include "commands/note_backup.hpp"
#include "commands/ready.hpp"
#include "commands/reconcile.hpp"
#include "commands/refresh_scopes.hpp"
#include "commands/refund.hpp"
#include "commands/reserve_numbers.hpp"
#include "commands/review.hpp"
#include "commands/totals.hpp"
#include "commands/verify_ledger.hpp"
#include "config/settings.hpp"
#include "main_events.hpp"
#include "main_export.hpp"
#include "main_manual.hpp"
#include "main_settings.hpp"
#include "main_settlements.hpp"
#include "main_tokens.hpp"
#include "main_visitor.hpp"
#include "support/assets.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"
#include "support/temporary_file.hpp"

// The command line: which command, and the settings it needs.
namespace payments {
namespace {

// What is to be done once the command line has been read.
// Not done while it is read: a mistake in a later option must stop the command before it did
// anything.
using Action = std::function<int()>;

// ------------------------------------------------------------------------------ commands

int print_version() {
    const auto build = build_info();
    std::cout << "ozora-payments " << build.version << " (commit " << build.commit << ", built "
              << build.time << ")\n";
    return exit_code::done;
}

// -------------------------------------------------------------------------- command line

// What the options of all commands are read into.
// Callbacks hold references to it until the action has run.
struct Options {
    Texts flags;
    bool dry_run = false;
    bool as_markdown = false;
    bool as_json = false;
    CopyOptions copy;
    RefundOptions refund;
    CloseOptions close;
    ReconcileOptions reconcile;
    EventsOptions events;
    ReserveOptions reserve;
    RefreshOptions refresh;
    ExportCommandOptions exported;
    VerifyLedgerOptions verify;
    BackupOptions backup;
    NoteBackupOptions noted;
    RestoreOptions restored;
    SettlementOptions settlement;
    TokenOptions token;
    ManualOptions manual;
    DemoOptions demo;
    std::string listen = "127.0.0.1:8080";
    VisitorCommandOptions visitor;
};

using Run = std::function<int(const Settings&)>;

// Gives a command its flags, and what it does with its settings once they are known to be right.
void run_with_settings(
    CLI::App& command, Options& options, Action& action, Purpose purpose, Run run
) {
    add_flags(command, options.flags, purpose);
    command.callback([&options, &action, purpose, run = std::move(run)] {
        action = [&options, purpose, run] {
            const auto settings = settings_from(options.flags, purpose);
            return settings ? run(*settings) : exit_code::wrong_usage;
        };
    });
}

void add_service_commands(CLI::App& app, Options& options, Action& action) {
    const auto runs = [&](CLI::App& command, Purpose purpose, Run run) {
        run_with_settings(command, options, action, purpose, std::move(run));
    };

    auto& serve_command = *app.add_subcommand("serve", "Run the service until SIGTERM or SIGINT");
    runs(serve_command, Purpose::serve, serve);

    auto& migrate_command =
        *app.add_subcommand("migrate", "Apply the pending migrations of the database");
    migrate_command.add_flag("--dry-run", options.dry_run, "List pending migrations, apply none");
    runs(migrate_command, Purpose::migrate, [&options](const Settings& settings) {
        return run_migrate(settings, options.dry_run);
    });

    auto& copy_command =
        *app.add_subcommand("copy", "Copy an SQLite database to PostgreSQL and verify both");
    copy_command.add_option("--from", options.copy.from, "Source: sqlite:PATH")->required();
    copy_command
        .add_option("--to", options.copy.to, "Destination, an empty database: postgresql://...")
        ->required();
    runs(copy_command, Purpose::migrate, [&options](const Settings& settings) {
        return copy(settings, options.copy);
    });

    auto& review_command =
        *app.add_subcommand("review", "List payments, refunds and messages that need a person");
    runs(review_command, Purpose::migrate, print_reviews);

    auto& reserve_command = *app.add_subcommand(
        "reserve-numbers",
        "After a restore: pass over the numbers that the providers may know already"
    );
    reserve_command
        .add_option("--count", options.reserve.count, "How many beyond the newest transaction")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    runs(reserve_command, Purpose::migrate, [&options](const Settings& settings) {
        return reserve_numbers(settings, options.reserve);
    });

    auto& check_command = *app.add_subcommand(
        "check-config", "Check settings and key files without starting the service"
    );
    runs(check_command, Purpose::serve, check_config);

    auto& doctor_command = *app.add_subcommand(
        "doctor", "Look whether this installation is well, and say what to do where it is not"
    );
    doctor_command.add_flag("--json", options.as_json, "Print an array of findings");
    runs(doctor_command, Purpose::serve, [&options](const Settings& settings) {
        return doctor(settings, options.as_json);
    });
}

// What keeps the data safe.
void add_upkeep_commands(CLI::App& app, Options& options, Action& action) {
    // What only needs the database must run where no provider is set up, as on a restored copy.
    const auto runs = [&](CLI::App& command, Run run) {
        run_with_settings(command, options, action, Purpose::migrate, std::move(run));
    };
    auto& verify_command = *app.add_subcommand(
        "verify-ledger",
        "Recompute statuses, sums and hash chains from the stored facts, print differences"
    );
    verify_command.add_flag("!--no-record", options.verify.keeps_result, "Keep no note of it");
    verify_command
        .add_option("--threads", options.verify.threads, "Read by so many at once, each on a core")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));
    runs(verify_command, [&options](const Settings& settings) {
        return run_verify_ledger(settings, options.verify);
    });
    auto& totals = *app.add_subcommand("totals", "Sums of money, which are kept for the console");
    totals.require_subcommand(1);
    auto& rebuild = *totals.add_subcommand("rebuild", "Make them anew, beside the running service");
    runs(rebuild, run_rebuild_totals);

    auto& note_command = *app.add_subcommand("note-backup", "Note that a backup was made");
    note_command.add_option_function<std::string>(
        "--at", keep_time(options.noted.at), "When it was begun (RFC 3339); now when not given"
    );
    runs(note_command, [&options](const Settings& settings) {
        return note_backup(settings, options.noted);
    });
}

void add_backup_commands(CLI::App& app, Options& options, Action& action) {
    const auto runs = [&](CLI::App& command, Run run) {
        run_with_settings(command, options, action, Purpose::migrate, std::move(run));
    };
    auto& backup_command = *app.add_subcommand(
        "backup", "Copy the SQLite database while the service runs, verify the copy, note it"
    );
    backup_command
        .add_option("--to", options.backup.to, "The new file, or a directory to name it in")
        ->required();
    runs(backup_command, [&options](const Settings& settings) {
        return backup(settings, options.backup);
    });

    auto& restored = options.restored;
    auto& restore_command = *app.add_subcommand(
        "restore", "Verify a backup and put it in the place of the SQLite database"
    );
    restore_command.add_option("--from", restored.from, "The backup")->required();
    restore_command.add_flag("--replace", restored.replaces, "Put aside a database that is there");
    restore_command.add_flag(
        "--despite-differences", restored.despite_differences,
        "Also a backup whose books differ, when there is no other"
    );
    restore_command
        .add_option("--count", restored.count, "Numbers to pass over, as with reserve-numbers")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    runs(restore_command, [&options](const Settings& settings) {
        return restore(settings, options.restored);
    });
}

void add_refresh_command(CLI::App& app, Options& options, Action& action) {
    auto& refresh_command = *app.add_subcommand(
        "refresh-scopes", "Ask the tickets service whose payments those without a scope are"
    );
    refresh_command
        .add_option("--rate", options.refresh.per_second, "How many tickets are asked for a second")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000));
    const Run run = [&options](const Settings& settings) {
        return run_refresh_scopes(settings, options.refresh);
    };
    run_with_settings(refresh_command, options, action, Purpose::serve, run);
}

// Commands that speak with the providers, as the service does and beside it.
void add_provider_commands(CLI::App& app, Options& options, Action& action) {
    const auto runs = [&](CLI::App& command, Run run) {
        run_with_settings(command, options, action, Purpose::serve, std::move(run));
    };

    auto& refund_command = *app.add_subcommand("refund", "Refund a payment, in full or in part");
    refund_command
        .add_option(
            "--transaction", options.refund.transaction, "Transaction to refund: 42 or TR42"
        )
        ->required();
    refund_command.add_option(
        "--amount", options.refund.amount,
        "Amount in the currency of the payment; all that is left when not given"
    );
    refund_command.add_option("--reason", options.refund.reason, "Reason, stored with the refund");
    refund_command.add_option("--by", options.refund.by, "Who requests it, stored with the refund");
    refund_command.add_option(
        "--key", options.refund.key, "Idempotency key: the same key never refunds twice"
    );
    runs(refund_command, [&options](const Settings& settings) {
        return refund(settings, options.refund);
    });

    auto& close_command = *app.add_subcommand(
        "close", "End a payment that its provider does not end, with a reason that is kept"
    );
    close_command
        .add_option("--transaction", options.close.transaction, "Transaction to end: 42 or TR42")
        ->required();
    close_command.add_option("--reason", options.close.reason, "Reason, stored with it")
        ->required();
    close_command.add_option("--by", options.close.by, "Who ends it, stored with it");
    runs(close_command, [&options](const Settings& settings) {
        return run_close(settings, options.close);
    });
}

void add_reconcile_command(CLI::App& app, Options& options, Action& action) {
    auto& reconcile_command = *app.add_subcommand(
        "reconcile",
        "Query the providers about transactions, by default all open ones, and record the answers"
    );
    auto* one = reconcile_command.add_option(
        "--transaction", options.reconcile.transaction,
        "Only this transaction, whatever its status: 42 or TR42"
    );
    auto* since = reconcile_command.add_option(
        "--since", options.reconcile.since,
        "All transactions opened since this date or time, final ones too; also reads Stripe's "
        "events since then, and looks for payments that are not on record"
    );
    since->excludes(one);
    reconcile_command
        .add_option(
            "--owners", options.reconcile.owners,
            "File that says whose payments are that are not on record, a line for each: "
            "TRANSACTION,TICKET,PAYMENT-CODE; puts them on record"
        )
        ->needs(since);
    const Run run = [&options](const Settings& settings) {
        return reconcile(settings, options.reconcile);
    };
    run_with_settings(reconcile_command, options, action, Purpose::serve, run);
}

// Commands that need no settings of ours: of a service that runs, and of one with stand-ins.
void add_running_commands(CLI::App& app, Options& options, Action& action) {
    auto& ready_command =
        *app.add_subcommand("ready", "Ask the running service whether it is ready");
    ready_command.add_option("--listen", options.listen, "Where it listens; else PAYMENTS_LISTEN")
        ->capture_default_str();
    ready_command.callback([&options, &action, &ready_command] {
        const auto set = read_environment();
        const auto listen = set.find("PAYMENTS_LISTEN");
        if (ready_command.count("--listen") == 0 && listen != set.end())
            options.listen = listen->second;
        action = [&options] { return ask_ready(options.listen); };
    });

    auto& demo = *app.add_subcommand(
        "demo", "Run the service with stand-ins of everything around it, to look at"
    );
    demo.add_flag("--check", options.demo.is_check, "Pay a ticket through each processor and end");
    demo.add_option("--directory", options.demo.directory, "Keep database, keys and log here");
    demo.callback([&] { action = [&options] { return start_demo(options.demo); }; });
}

void add_information_commands(CLI::App& app, Options& options, Action& action) {
    app.add_subcommand("version", "Print version, commit and build time")->callback([&action] {
        action = print_version;
    });

    auto& settings_command = *app.add_subcommand("settings", "List all settings");
    settings_command.add_flag("--markdown", options.as_markdown, "As a Markdown table");
    settings_command.callback([&] {
        action = [&options] {
            std::cout << (options.as_markdown ? settings_as_markdown() : settings_as_text());
            return exit_code::done;
        };
    });
}

// What the command line asks for, or the exit code that it ends with at once.
std::optional<int> read_command_line(int argc, char** argv, Options& options, Action& action) {
    CLI::App app{"The payment service of the O.Z.O.R.A. ticketing platform.", "ozora-payments"};
    app.require_subcommand(1);
    app.footer("Settings are environment variables or flags; to list them: ozora-payments settings"
    );
    add_service_commands(app, options, action);
    add_events_commands(app, options.events, action);
    add_provider_commands(app, options, action);
    add_reconcile_command(app, options, action);
    add_upkeep_commands(app, options, action);
    add_backup_commands(app, options, action);
    add_refresh_command(app, options, action);
    add_export_command(app, options.exported, action);
    add_running_commands(app, options, action);
    add_information_commands(app, options, action);
    add_settlement_commands(app, options.settlement, action);
    add_token_commands(app, options.token, action);
    add_manual_commands(app, options.manual, action);
    add_visitor_commands(app, options.visitor, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // 0 for --help; CLI11's other codes are its own, and ours are what scripts rely on.
        return app.exit(error) == 0 ? exit_code::done : exit_code::wrong_usage;
    }
    return {};
}

// The parser with its thousands of options is gone before the command runs, perhaps for months.
int run(int argc, char** argv) {
    Options options;
    Action action;
    const auto code = read_command_line(argc, argv, options, action);
    return code ? *code : action();
}

}  // namespace
}  // namespace payments

int main(int argc, char** argv) {
    try {
        return payments::run(argc, argv);
    } catch (const payments::TemporaryFilesDown& error) {
        std::cerr << "ozora-payments: " << error.what() << "\n";
        return payments::exit_code::unread;
    } catch (const std::exception& error) {
        std::cerr << "ozora-payments: " << error.what() << "\n";
        return payments::exit_code::failed;
    }
}
