#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "app/contexts.hpp"
#include "app/serve.hpp"
#include "commands/copy.hpp"
#include "commands/events.hpp"
#include "commands/exit_code.hpp"
#include "commands/reconcile.hpp"
#include "commands/refund.hpp"
#include "commands/verify_ledger.hpp"
#include "config/settings.hpp"
#include "http/auth/cli.hpp"
#include "http/auth/jwk.hpp"
#include "support/assets.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

// The command line: which command, and the settings it needs.
namespace payments {
namespace {

// What is to be done once the command line has been read.
using Action = std::function<int()>;

// ------------------------------------------------------------------------------ settings

// Every setting that `purpose` needs becomes a flag of `command`. They are not listed one by one:
// the footer has the table.
void add_flags(CLI::App& command, Texts& flags, Purpose purpose) {
    for (const auto& setting : list_settings()) {
        if (purpose == Purpose::migrate && !setting.is_for_all) continue;
        const auto keep = [&flags, variable = variable_of(setting)](const std::string& text) {
            flags[variable] = text;
        };
        command.add_option_function<std::string>(flag_of(setting), keep)->group("");
    }
    command.footer(settings_as_text(purpose));
}

// Nothing when a setting is wrong; everything that is wrong has been told then.
std::optional<Settings> settings_from(const Texts& flags, Purpose purpose) {
    auto loaded = load_settings(read_environment(), flags, purpose);
    for (const auto& warning : loaded.warnings) log::warning(warning);
    if (loaded.settings) return std::move(loaded.settings);
    std::cerr << "ozora-payments: the settings are wrong\n";
    for (const auto& mistake : loaded.mistakes) std::cerr << "  " << mistake << "\n";
    return std::nullopt;
}

// ------------------------------------------------------------------------------ commands

int migrate(const Settings& settings, bool only_show) {
    const auto database = database_of(settings);
    const auto names = only_show ? pending_migrations(database) : migrate(database);
    for (const auto& name : names)
        std::cout << (only_show ? "pending " : "applied ") << name << "\n";
    if (names.empty()) std::cout << "the schema is up to date\n";
    return exit_code::done;
}

bool is_url(const std::string& source) { return source.find("://") != std::string::npos; }

// What is wrong with the files that settings name, "" for nothing. URLs are left to `serve`.
std::vector<std::string> mistakes_in_files(const Settings& settings) {
    std::vector<std::string> mistakes;
    const auto check_keys = [&](const std::string& variable, const std::string& source) {
        if (is_url(source)) return;
        const auto text = http::read_key_file(source);
        const auto keys = text ? http::KeySet::read(*text) : text.error();
        if (!keys) mistakes.push_back(variable + ": " + keys.error().detail);
    };
    check_keys("PAYMENTS_USER_KEYS", settings.users.keys);
    check_keys("PAYMENTS_SERVICE_KEYS", settings.services.keys);

    const auto text = http::read_key_file(settings.service_signing_key);
    const auto key = text ? http::read_signing_key(*text) : text.error();
    if (!key) mistakes.push_back("PAYMENTS_SERVICE_SIGNING_KEY: " + key.error().detail);
    return mistakes;
}

int check_config(const Settings& settings) {
    const auto mistakes = mistakes_in_files(settings);
    for (const auto& mistake : mistakes) std::cerr << mistake << "\n";
    if (!mistakes.empty()) return exit_code::wrong_usage;
    std::cout << "the settings are right\n";
    return exit_code::done;
}

int print_version() {
    const auto build = build_info();
    std::cout << "ozora-payments " << build.version << " (commit " << build.commit << ", built "
              << build.time << ")\n";
    return exit_code::done;
}

// -------------------------------------------------------------------------- command line

// What the options of all commands are read into.
struct Options {
    Texts flags;
    bool dry_run = false;
    bool as_markdown = false;
    bool signature_only = false;
    CopyOptions copy;
    RefundOptions refund;
    ReconcileOptions reconcile;
    std::string keys_file, key_file, claims;
    std::string algorithm = "ES256";
};

using Run = std::function<int(const Settings&)>;

// What a command does with its settings, once they are known to be right.
std::function<void()> action_with_settings(
    Options& options, Action& action, Purpose purpose, Run run
) {
    return [&options, &action, purpose, run = std::move(run)] {
        action = [&options, purpose, run] {
            const auto settings = settings_from(options.flags, purpose);
            return settings ? run(*settings) : exit_code::wrong_usage;
        };
    };
}

void add_service_commands(CLI::App& app, Options& options, Action& action) {
    const auto with_settings = [&](Purpose purpose, Run run) {
        return action_with_settings(options, action, purpose, std::move(run));
    };

    auto& serve_command = *app.add_subcommand("serve", "Run the service until SIGTERM");
    add_flags(serve_command, options.flags, Purpose::serve);
    serve_command.callback(with_settings(Purpose::serve, serve));

    auto& migrate_command =
        *app.add_subcommand("migrate", "Bring the database's schema up to date");
    migrate_command.add_flag("--dry-run", options.dry_run, "Only say what would be applied");
    add_flags(migrate_command, options.flags, Purpose::migrate);
    migrate_command.callback(with_settings(Purpose::migrate, [&options](const Settings& settings) {
        return migrate(settings, options.dry_run);
    }));

    auto& verify_command = *app.add_subcommand(
        "verify-ledger", "Recompute everything that follows from the facts, print what differs"
    );
    add_flags(verify_command, options.flags, Purpose::migrate);
    verify_command.callback(with_settings(Purpose::migrate, run_verify_ledger));

    auto& copy_command = *app.add_subcommand("copy", "Move from SQLite to PostgreSQL");
    copy_command.add_option("--from", options.copy.from, "sqlite:PATH")->required();
    copy_command.add_option("--to", options.copy.to, "postgresql://..., empty")->required();
    add_flags(copy_command, options.flags, Purpose::migrate);
    copy_command.callback(with_settings(Purpose::migrate, [&options](const Settings& settings) {
        return copy(settings, options.copy);
    }));

    add_events_commands(app, [&](CLI::App& command, std::function<int(const Settings&)> run) {
        add_flags(command, options.flags, Purpose::migrate);
        command.callback(with_settings(Purpose::migrate, std::move(run)));
    });

    auto& review_command = *app.add_subcommand("review", "Print what a person must look at");
    add_flags(review_command, options.flags, Purpose::migrate);
    review_command.callback(with_settings(Purpose::migrate, list_reviews));

    auto& check_command =
        *app.add_subcommand("check-config", "Say what is wrong with settings and key files");
    add_flags(check_command, options.flags, Purpose::serve);
    check_command.callback(with_settings(Purpose::serve, check_config));
}

// Commands that speak with the providers, as the service does and beside it.
void add_provider_commands(CLI::App& app, Options& options, Action& action) {
    const auto with_settings = [&](Run run) {
        return action_with_settings(options, action, Purpose::serve, std::move(run));
    };

    auto& refund_command = *app.add_subcommand("refund", "Give a payment back, whole or in part");
    refund_command
        .add_option("--transaction", options.refund.transaction, "Its number, 42 or TR42")
        ->required();
    refund_command.add_option("--amount", options.refund.amount, "All that is left without it");
    refund_command.add_option("--reason", options.refund.reason, "Kept with it, for people");
    refund_command.add_option("--by", options.refund.by, "Who asks; kept with it");
    refund_command.add_option("--key", options.refund.key, "Under one key it is made once");
    add_flags(refund_command, options.flags, Purpose::serve);
    refund_command.callback(with_settings([&options](const Settings& settings) {
        return refund(settings, options.refund);
    }));

    auto& reconcile_command = *app.add_subcommand(
        "reconcile", "Ask the providers what became of transactions; by itself, of the open ones"
    );
    auto* one = reconcile_command.add_option(
        "--transaction", options.reconcile.transaction, "Of this one only"
    );
    reconcile_command
        .add_option(
            "--since", options.reconcile.since,
            "Of all that were opened since, final ones too, and read Stripe's events since then"
        )
        ->excludes(one);
    add_flags(reconcile_command, options.flags, Purpose::serve);
    reconcile_command.callback(with_settings([&options](const Settings& settings) {
        return reconcile(settings, options.reconcile);
    }));
}

void add_telling_commands(CLI::App& app, Options& options, Action& action) {
    app.add_subcommand("version", "Print version, commit and time of the build")
        ->callback([&action] { action = print_version; });

    auto& settings_command = *app.add_subcommand("settings", "Print the table of settings");
    settings_command.add_flag("--markdown", options.as_markdown, "As docs/operations.md has it");
    settings_command.callback([&] {
        action = [&options] {
            std::cout << (options.as_markdown ? settings_as_markdown() : settings_as_text());
            return exit_code::done;
        };
    });
}

void add_token_commands(CLI::App& app, Options& options, Action& action) {
    auto& token = *app.add_subcommand("token", "Verify, make and sign tokens");
    token.require_subcommand(1);

    auto& verify = *token.add_subcommand("verify", "Verify the token on standard input");
    verify.add_option("--keys", options.keys_file, "JWKS file")->required();
    verify.add_flag("--signature-only", options.signature_only, "Ask neither for dates nor claims");
    verify.callback([&] {
        action = [&options] {
            return http::token_verify(
                options.keys_file, options.signature_only, SystemClock{}.now(), std::cin, std::cout,
                std::cerr
            );
        };
    });

    auto& mint = *token.add_subcommand("mint", "Print a signed token");
    mint.add_option("--key", options.key_file, "Private JWK file")->required();
    mint.add_option("--claims", options.claims, "JSON object")->required();
    mint.callback([&] {
        action = [&options] {
            return http::token_mint(
                options.key_file, options.claims, SystemClock{}.now(), std::cout, std::cerr
            );
        };
    });

    auto& new_key = *token.add_subcommand("new-key", "Print a new private JWK");
    new_key.add_option("--algorithm", options.algorithm, "RS256, ES256, EdDSA or HS256")
        ->capture_default_str();
    new_key.callback([&] {
        action = [&options] {
            return http::token_new_key(options.algorithm, std::cout, std::cerr);
        };
    });

    auto& public_keys = *token.add_subcommand("public-keys", "Print the JWKS of a private JWK");
    public_keys.add_option("--key", options.key_file, "Private JWK file")->required();
    public_keys.callback([&] {
        action = [&options] {
            return http::token_public_keys(options.key_file, std::cout, std::cerr);
        };
    });
}

int run(int argc, char** argv) {
    CLI::App app{"The payment service of the O.Z.O.R.A. ticketing platform.", "ozora-payments"};
    app.require_subcommand(1);
    app.footer("The settings, and the flags they are: ozora-payments settings");
    Options options;
    Action action;
    add_service_commands(app, options, action);
    add_provider_commands(app, options, action);
    add_telling_commands(app, options, action);
    add_token_commands(app, options, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_code::done : exit_code::wrong_usage;
    }
    return action();
}

}  // namespace
}  // namespace payments

int main(int argc, char** argv) {
    try {
        return payments::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "ozora-payments: " << error.what() << "\n";
        return payments::exit_code::failed;
    }
}
