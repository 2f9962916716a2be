#include "config/settings.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "fixtures/settings.hpp"

namespace payments {
namespace {

// A file that is gone at the end of the test.
class File {
public:
    explicit File(const std::string& text) {
        char name[] = "/tmp/ozora-config-XXXXXX";
        const int file = mkstemp(name);
        path = name;
        std::ofstream{path} << text;
        close(file);
    }
    ~File() { std::filesystem::remove(path); }
    std::string path;
};

TEST(Config, needs_keys_the_tickets_service_and_one_processor_only) {
    const auto loaded = load_settings(enough(), {});
    EXPECT_EQ(joined(loaded.mistakes), "");
    EXPECT_EQ(joined(loaded.warnings), "");
    EXPECT_TRUE(loaded.settings.has_value());
}

TEST(Config, has_the_defaults_of_the_contract) {
    const auto given = settings({});
    EXPECT_EQ(given.listen.host, "127.0.0.1");
    EXPECT_EQ(given.listen.port, 8080);
    EXPECT_EQ(given.database.path, "var/payments.db");
    EXPECT_EQ(given.limits.request_line_bytes, 8U * 1024);
    EXPECT_EQ(given.limits.headers_bytes, 16U * 1024);
    EXPECT_EQ(given.limits.header_lines, 100U);
    EXPECT_EQ(given.limits.body_bytes, 64U * 1024);
    EXPECT_EQ(given.limits.webhook_body_bytes, 256U * 1024);
    EXPECT_EQ(given.limits.request_time, milliseconds{20'000});
    EXPECT_EQ(given.limits.answer_time, milliseconds{30'000});
    EXPECT_EQ(given.limits.idle_time, milliseconds{60'000});
    EXPECT_EQ(given.limits.connections, 10'000U);
    EXPECT_EQ(given.limits.start_wait, milliseconds{25});
    EXPECT_EQ(given.tickets_timeout, milliseconds{2'000});
    EXPECT_EQ(given.simplepay.timeout, milliseconds{10'000});
    EXPECT_EQ(given.stripe.timeout, milliseconds{10'000});
    EXPECT_EQ(given.simplepay.url, "https://secure.simplepay.hu/payment/v2");
    EXPECT_EQ(given.stripe.url, "https://api.stripe.com");
    EXPECT_EQ(given.simplepay.confirm, SimplePayConfirm::prefer);
    EXPECT_EQ(given.payment_time, std::chrono::minutes{30});
    EXPECT_EQ(given.transfer_statuses.size(), 1U);
    EXPECT_TRUE(given.transfer_statuses.contains("transferred"));
    EXPECT_EQ(given.stripe.currencies.size(), 3U);
    EXPECT_TRUE(given.trusted_proxies.empty());
    EXPECT_GE(given.threads, 1);
    ASSERT_TRUE(given.rate_limit_address && given.rate_limit_ticket);
    EXPECT_EQ(given.rate_limit_address->requests, 10);
    EXPECT_EQ(given.rate_limit_address->period, std::chrono::seconds{1});
    EXPECT_EQ(given.rate_limit_ticket->period, std::chrono::seconds{60});
    EXPECT_EQ(given.rate_limit_ticket->burst, 30);
}

TEST(Config, every_mistake_is_told_at_once) {
    const auto loaded = load_settings(
        {{"PAYMENTS_LISTEN", "here"},
         {"PAYMENTS_THREADS", "many"},
         {"PAYMENTS_TICKETS_URL", "http://tickets.example"},
         {"PAYMENTS_STRIPE_SECRET_KEY", "sk_test_1"}},
        {}
    );
    EXPECT_FALSE(loaded.settings.has_value());
    const auto all = joined(loaded.mistakes);
    for (const std::string name :
         {"PAYMENTS_LISTEN", "PAYMENTS_THREADS", "PAYMENTS_TICKETS_URL", "PAYMENTS_USER_KEYS",
          "PAYMENTS_SERVICE_KEYS", "PAYMENTS_SERVICE_SIGNING_KEY",
          "PAYMENTS_STRIPE_WEBHOOK_SECRETS"})
        EXPECT_NE(all.find(name), std::string::npos) << name << " is not in\n" << all;
    EXPECT_EQ(loaded.mistakes.size(), 7U);
}

TEST(Config, a_flag_wins_over_the_environment) {
    const auto loaded = load_settings(
        with(enough(), {{"PAYMENTS_LISTEN", "127.0.0.1:1"}}), {{"PAYMENTS_LISTEN", "127.0.0.1:2"}}
    );
    ASSERT_TRUE(loaded.settings.has_value());
    EXPECT_EQ(loaded.settings->listen.port, 2);
}

TEST(Config, a_wrong_flag_is_named_as_it_was_written) {
    const auto loaded = load_settings(enough(), {{"PAYMENTS_DRAIN_MS", "soon"}});
    EXPECT_TRUE(joined(loaded.mistakes).starts_with("--drain-ms is \"soon\" and must be "));
}

TEST(Config, an_empty_text_counts_as_not_set) {
    EXPECT_EQ(settings({{"PAYMENTS_LISTEN", ""}}).listen.port, 8080);
    EXPECT_NE(mistake_of("PAYMENTS_TICKETS_URL", "").find("PAYMENTS_TICKETS_URL is missing"), -1UL);
}

TEST(Config, a_blank_secret_stops_the_start) {
    const Texts simplepay{
        {"PAYMENTS_SIMPLEPAY_HUF_MERCHANT", "M"},
        {"PAYMENTS_SIMPLEPAY_HUF_SECRET", "S"},
        {"PAYMENTS_SIMPLEPAY_RETURN_URL", "https://shop.example/back"},
    };
    for (const std::string name :
         {"PAYMENTS_STRIPE_SECRET_KEY", "PAYMENTS_STRIPE_WEBHOOK_SECRETS",
          "PAYMENTS_SIMPLEPAY_HUF_SECRET"})
        for (const std::string blank : {"", " ", "\t \t"}) {
            auto texts = with(enough(), simplepay);
            texts[name] = blank;
            const auto said = joined(load_settings(texts, {}).mistakes);
            EXPECT_EQ(said, name + " must be a secret: it is blank.\n");
        }
}

TEST(Config, a_secret_is_never_repeated_in_a_mistake) {
    const auto said = mistake_of("PAYMENTS_STRIPE_SECRET_KEY", "pk_live_abcdef");
    EXPECT_NE(said, "");
    EXPECT_EQ(said.find("abcdef"), std::string::npos);
}

TEST(Config, a_password_in_a_url_is_refused_and_not_repeated) {
    const auto said = mistake_of("PAYMENTS_TICKETS_URL", "https://user:hunter2@tickets.example");
    EXPECT_NE(said, "");
    EXPECT_EQ(said.find("hunter2"), std::string::npos);
}

TEST(Config, a_secret_can_come_from_a_file_whose_last_line_break_does_not_count) {
    for (const std::string end : {"", "\n", "\r\n"}) {
        const File file{"sk_live_fromfile" + end};
        const auto loaded = load_settings(
            with(
                without(enough(), {"PAYMENTS_STRIPE_SECRET_KEY"}),
                {{"PAYMENTS_STRIPE_SECRET_KEY_FILE", file.path}}
            ),
            {}
        );
        ASSERT_TRUE(loaded.settings.has_value()) << joined(loaded.mistakes);
        EXPECT_EQ(loaded.settings->stripe.secret_key, "sk_live_fromfile");
        EXPECT_EQ(joined(loaded.warnings), "");
    }
}

TEST(Config, a_secret_and_its_file_together_are_a_mistake) {
    const File file{"sk_live_fromfile"};
    EXPECT_EQ(
        mistake_of("PAYMENTS_STRIPE_SECRET_KEY_FILE", file.path),
        "PAYMENTS_STRIPE_SECRET_KEY and PAYMENTS_STRIPE_SECRET_KEY_FILE are both given.\n"
    );
}

TEST(Config, a_secret_file_that_cannot_be_read_is_named) {
    for (const std::string path : {"/nonexistent/key", "/tmp"}) {
        const auto loaded = load_settings(
            with(
                without(enough(), {"PAYMENTS_STRIPE_SECRET_KEY"}),
                {{"PAYMENTS_STRIPE_SECRET_KEY_FILE", path}}
            ),
            {}
        );
        EXPECT_EQ(
            joined(loaded.mistakes),
            "PAYMENTS_STRIPE_SECRET_KEY_FILE names " + path + ", which cannot be read.\n"
        );
    }
}

TEST(Config, an_empty_secret_file_is_a_blank_secret) {
    const File file{"\n"};
    const auto loaded = load_settings(
        with(
            without(enough(), {"PAYMENTS_STRIPE_SECRET_KEY"}),
            {{"PAYMENTS_STRIPE_SECRET_KEY_FILE", file.path}}
        ),
        {}
    );
    EXPECT_EQ(
        joined(loaded.mistakes), "PAYMENTS_STRIPE_SECRET_KEY_FILE must be a secret: it is blank.\n"
    );
}

TEST(Config, an_unknown_variable_is_a_warning_with_the_nearest_name) {
    const auto loaded = load_settings(
        with(enough(), {{"PAYMENTS_LISTENS", "x"}, {"PAYMENTS_STRIPE_SECRETKEY_FILE", "x"}}), {}
    );
    EXPECT_TRUE(loaded.settings.has_value());
    ASSERT_EQ(loaded.warnings.size(), 2U);
    EXPECT_EQ(
        loaded.warnings[0],
        "PAYMENTS_LISTENS is no setting and is ignored; the nearest name is PAYMENTS_LISTEN."
    );
    EXPECT_NE(loaded.warnings[1].find("PAYMENTS_STRIPE_SECRET_KEY_FILE"), std::string::npos);
}

// A form such as "1 to 60000" says which numbers are taken.
TEST(Config, a_merchant_and_its_secret_come_together) {
    EXPECT_NE(
        mistake_of("PAYMENTS_SIMPLEPAY_EUR_MERCHANT", "M")
            .find("PAYMENTS_SIMPLEPAY_EUR_SECRET is missing"),
        std::string::npos
    );
    EXPECT_NE(
        mistake_of("PAYMENTS_SIMPLEPAY_EUR_SECRET", "S")
            .find("PAYMENTS_SIMPLEPAY_EUR_MERCHANT is missing"),
        std::string::npos
    );
}

TEST(Config, simplepay_needs_the_page_to_return_to) {
    const Texts account{
        {"PAYMENTS_SIMPLEPAY_USD_MERCHANT", "M"}, {"PAYMENTS_SIMPLEPAY_USD_SECRET", "S"}};
    const auto loaded = load_settings(with(enough(), account), {});
    EXPECT_EQ(
        joined(loaded.mistakes), "PAYMENTS_SIMPLEPAY_RETURN_URL is missing: SimplePay needs it.\n"
    );
}

TEST(Config, either_processor_is_enough) {
    const auto loaded = load_settings(
        with(
            without(enough(), {"PAYMENTS_STRIPE_SECRET_KEY", "PAYMENTS_STRIPE_WEBHOOK_SECRETS"}),
            {{"PAYMENTS_SIMPLEPAY_HUF_MERCHANT", "M"},
             {"PAYMENTS_SIMPLEPAY_HUF_SECRET", "S"},
             {"PAYMENTS_SIMPLEPAY_RETURN_URL", "https://shop.example/back"}}
        ),
        {}
    );
    ASSERT_TRUE(loaded.settings.has_value()) << joined(loaded.mistakes);
    EXPECT_TRUE(loaded.settings->simplepay.is_used());
    EXPECT_FALSE(loaded.settings->stripe.is_used());
    EXPECT_EQ(loaded.settings->simplepay.accounts.size(), 1U);
    EXPECT_EQ(loaded.settings->simplepay.accounts.at("HUF").secret, "S");
    EXPECT_FALSE(settings({}).simplepay.is_used());
}

TEST(Config, without_any_processor_there_is_nothing_to_serve) {
    const auto loaded = load_settings(
        without(enough(), {"PAYMENTS_STRIPE_SECRET_KEY", "PAYMENTS_STRIPE_WEBHOOK_SECRETS"}), {}
    );
    ASSERT_EQ(loaded.mistakes.size(), 1U);
    EXPECT_TRUE(loaded.mistakes[0].starts_with("No processor is set up"));
}

TEST(Config, retired_accounts_are_read_kept_secret_and_none_of_those_that_take_payments) {
    const auto given = settings(
        {{"PAYMENTS_SIMPLEPAY_RETIRED_ACCOUNTS", "OLD:its-secret, OLDER:an:other"},
         {"PAYMENTS_STRIPE_RETIRED_SECRET_KEYS", "sk_test_old,rk_live_older"},
         {"PAYMENTS_STRIPE_SETTLEMENT_KEYS", "rk_live_reads"}}
    );
    ASSERT_EQ(given.simplepay.retired.size(), 2u);
    EXPECT_EQ(given.simplepay.retired[0].merchant, "OLD");
    EXPECT_EQ(given.simplepay.retired[1].secret, "an:other");
    EXPECT_EQ(given.stripe.retired, (std::vector<std::string>{"sk_test_old", "rk_live_older"}));
    EXPECT_EQ(std::ranges::count(secrets_of(given), "its-secret"), 1);
    EXPECT_EQ(std::ranges::count(secrets_of(given), "rk_live_older"), 1);
    EXPECT_EQ(given.stripe.settlement_keys, std::vector<std::string>{"rk_live_reads"});
    EXPECT_EQ(std::ranges::count(secrets_of(given), "rk_live_reads"), 1);

    for (const std::string wrong : {"OLD", ":secret", "OLD:", "OLD:a,", "OLD:a,OLD:b"})
        EXPECT_FALSE(is_taken("PAYMENTS_SIMPLEPAY_RETIRED_ACCOUNTS", wrong)) << wrong;
    EXPECT_FALSE(is_taken("PAYMENTS_STRIPE_RETIRED_SECRET_KEYS", "pk_test_1"));
    EXPECT_FALSE(is_taken("PAYMENTS_STRIPE_SETTLEMENT_KEYS", "pk_test_1"));
}

TEST(Config, stripe_needs_its_key_and_its_webhook_secrets) {
    const auto loaded = load_settings(without(enough(), {"PAYMENTS_STRIPE_SECRET_KEY"}), {});
    EXPECT_EQ(
        joined(loaded.mistakes),
        "PAYMENTS_STRIPE_SECRET_KEY is missing: PAYMENTS_STRIPE_WEBHOOK_SECRETS needs it.\n"
    );
    EXPECT_EQ(
        settings({{"PAYMENTS_STRIPE_WEBHOOK_SECRETS", "whsec_old, whsec_new"}}
        ).stripe.webhook_secrets,
        (std::vector<std::string>{"whsec_old", "whsec_new"})
    );
    for (const std::string wrong : {"secret", "whsec_", "whsec_1,", "whsec_1,x", "whsec_1,whsec_1"})
        EXPECT_FALSE(is_taken("PAYMENTS_STRIPE_WEBHOOK_SECRETS", wrong)) << wrong;
}

const std::string console_key = std::string(42, 'A') + "E=";  // Base64 of 32 bytes

// Standard Webhooks' own form: 24 bytes.
const std::string event_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

TEST(Config, events_need_an_address_and_a_secret_or_neither) {
    EXPECT_FALSE(settings({}).events.is_used());
    EXPECT_EQ(
        mistake_of("PAYMENTS_EVENTS_URL", "https://tickets.example/hook"),
        "PAYMENTS_EVENTS_SECRET is missing: PAYMENTS_EVENTS_URL needs it.\n"
    );
    EXPECT_EQ(
        mistake_of("PAYMENTS_EVENTS_SECRET", event_secret),
        "PAYMENTS_EVENTS_URL is missing: PAYMENTS_EVENTS_SECRET needs it.\n"
    );
    const auto given = settings(
        {{"PAYMENTS_EVENTS_URL", "https://Tickets.example/hook/?a=b"},
         {"PAYMENTS_EVENTS_SECRET", event_secret + ", whsec_" + std::string(32, 'A')},
         {"PAYMENTS_EVENTS_TIMEOUT_MS", "500"}}
    );
    EXPECT_EQ(given.events.url, "https://tickets.example/hook/?a=b");
    EXPECT_EQ(given.events.secrets.size(), 2U);
    EXPECT_EQ(given.events.timeout, milliseconds{500});
    const auto hidden = secrets_of(given);
    EXPECT_NE(std::ranges::find(hidden, event_secret), hidden.end());
}

TEST(Config, the_secret_of_events_is_base64_of_24_to_64_bytes) {
    const auto rest = event_secret.substr(6);
    for (const auto& wrong :
         {rest, "whsec_" + rest.substr(4), "whsec_" + rest + rest + rest,
          "whsec_*" + rest.substr(1), event_secret + "," + event_secret, std::string{"whsec_"},
          std::string{" "}}) {
        const auto said = mistake_of("PAYMENTS_EVENTS_SECRET", wrong);
        EXPECT_TRUE(said.starts_with("PAYMENTS_EVENTS_SECRET must be ")) << wrong << "\n" << said;
        EXPECT_EQ(said.find(rest), std::string::npos) << said;
    }
}

TEST(Config, a_console_needs_a_key_and_a_way_to_sign_in) {
    EXPECT_FALSE(settings({}).console.is_used());
    EXPECT_EQ(
        mistake_of("PAYMENTS_CONSOLE_SIGN_IN", "token"),
        "PAYMENTS_CONSOLE_KEY is missing: PAYMENTS_CONSOLE_SIGN_IN needs it.\n"
    );
    const Texts console{
        {"PAYMENTS_CONSOLE_SIGN_IN", "token"}, {"PAYMENTS_CONSOLE_KEY", console_key}};
    const auto given = settings(console);
    EXPECT_EQ(given.console.sign_in, ConsoleConfig::SignIn::token);
    EXPECT_EQ(given.console.idle, std::chrono::minutes{30});
    EXPECT_EQ(given.console.total, std::chrono::hours{10});
    const auto hidden = secrets_of(given);
    EXPECT_NE(std::ranges::find(hidden, console_key), hidden.end());
    EXPECT_FALSE(is_taken("PAYMENTS_CONSOLE_SIGN_IN", "password"));
}

TEST(Config, an_identity_provider_needs_its_name_ours_and_the_way_back) {
    Texts console{{"PAYMENTS_CONSOLE_SIGN_IN", "oidc"}, {"PAYMENTS_CONSOLE_KEY", console_key}};
    EXPECT_EQ(
        joined(load_settings(with(enough(), console), {}).mistakes),
        "PAYMENTS_CONSOLE_ISSUER is missing: PAYMENTS_CONSOLE_SIGN_IN needs it.\n"
        "PAYMENTS_CONSOLE_CLIENT_ID is missing: PAYMENTS_CONSOLE_SIGN_IN needs it.\n"
        "PAYMENTS_PUBLIC_URL is missing: PAYMENTS_CONSOLE_SIGN_IN needs it.\n"
        "PAYMENTS_USER_ISSUER is missing: PAYMENTS_CONSOLE_SIGN_IN needs it.\n"
        "PAYMENTS_USER_AUDIENCE is missing: PAYMENTS_CONSOLE_SIGN_IN needs it.\n"
    );
    console["PAYMENTS_USER_ISSUER"] = "https://Id.example/tenant/";
    console["PAYMENTS_USER_AUDIENCE"] = "payments";
    console["PAYMENTS_CONSOLE_ISSUER"] = "https://Id.example/tenant/";
    console["PAYMENTS_CONSOLE_CLIENT_ID"] = "console";
    console["PAYMENTS_CONSOLE_CLIENT_SECRET"] = "a secret of ours";
    console["PAYMENTS_PUBLIC_URL"] = "https://pay.example";
    console["PAYMENTS_LISTEN"] = "0.0.0.0:8080";
    const auto given = settings(console).console;
    EXPECT_EQ(given.issuer, "https://Id.example/tenant/");  // compared to the letter
    EXPECT_FALSE(given.takes_id_token);
    const auto hidden = secrets_of(settings(console));
    EXPECT_NE(std::ranges::find(hidden, "a secret of ours"), hidden.end());
    const auto mistakes = [&] {
        return joined(load_settings(with(enough(), console), {}).mistakes);
    };
    console["PAYMENTS_USER_AUDIENCE"] = "console";
    EXPECT_EQ(
        mistakes(),
        "PAYMENTS_USER_AUDIENCE must not be PAYMENTS_CONSOLE_CLIENT_ID: PAYMENTS_CONSOLE_TOKEN is "
        "access_token, and ID tokens would count as user tokens.\n"
    );
    console["PAYMENTS_CONSOLE_TOKEN"] = "id_token";
    EXPECT_TRUE(settings(console).console.takes_id_token);
    console["PAYMENTS_USER_AUDIENCE"] = "payments";
    EXPECT_EQ(
        mistakes(),
        "PAYMENTS_USER_AUDIENCE must be PAYMENTS_CONSOLE_CLIENT_ID: PAYMENTS_CONSOLE_TOKEN is "
        "id_token, whose audience is the client.\n"
    );
    for (const std::string wrong : {"id.example", "http://id.example", "https://id.example?x"})
        EXPECT_FALSE(is_taken("PAYMENTS_CONSOLE_ISSUER", wrong)) << wrong;
    EXPECT_FALSE(is_taken("PAYMENTS_CONSOLE_TOKEN", "refresh_token"));
}

TEST(Config, a_platform_that_hands_staff_over_needs_a_page_and_an_exchange) {
    Texts console{{"PAYMENTS_CONSOLE_SIGN_IN", "handoff"}, {"PAYMENTS_CONSOLE_KEY", console_key}};
    EXPECT_EQ(
        joined(load_settings(with(enough(), console), {}).mistakes),
        "PAYMENTS_CONSOLE_HANDOFF_PAGE is missing: PAYMENTS_CONSOLE_SIGN_IN needs it.\n"
        "PAYMENTS_CONSOLE_HANDOFF_URL is missing: PAYMENTS_CONSOLE_SIGN_IN needs it.\n"
    );
    console["PAYMENTS_CONSOLE_HANDOFF_PAGE"] = "https://platform.example/staff?for=payments";
    console["PAYMENTS_CONSOLE_HANDOFF_URL"] = "https://platform.example/exchange";
    console["PAYMENTS_LISTEN"] = "0.0.0.0:8080";
    const auto given = settings(console).console;
    EXPECT_TRUE(given.has_platform());
    EXPECT_FALSE(given.has_provider());
    EXPECT_EQ(given.handoff_page, "https://platform.example/staff?for=payments");
    EXPECT_EQ(given.refund_auth_age.count(), 0);
    for (const std::string wrong : {"platform.example", "http://platform.example", "https://a#b"}) {
        EXPECT_FALSE(is_taken("PAYMENTS_CONSOLE_HANDOFF_PAGE", wrong)) << wrong;
        EXPECT_FALSE(is_taken("PAYMENTS_CONSOLE_HANDOFF_URL", wrong)) << wrong;
    }
    EXPECT_FALSE(is_taken("PAYMENTS_CONSOLE_HANDOFF_URL", "https://platform.example/?x=1"));
    for (const std::string wrong : {"0", "1441", "5m", "-1"})
        EXPECT_FALSE(is_taken("PAYMENTS_CONSOLE_REFUND_AUTH_AGE", wrong)) << wrong;
    EXPECT_TRUE(is_taken("PAYMENTS_CONSOLE_REFUND_AUTH_AGE", "5"));
}

TEST(Config, a_pasted_token_never_leaves_the_machine_in_the_clear) {
    const Texts console{
        {"PAYMENTS_CONSOLE_SIGN_IN", "token"}, {"PAYMENTS_CONSOLE_KEY", console_key}};
    for (const std::string open : {"0.0.0.0:8080", "192.0.2.1:80", "[::]:8080"})
        EXPECT_EQ(
            joined(load_settings(with(with(enough(), console), {{"PAYMENTS_LISTEN", open}}), {})
                       .mistakes),
            "PAYMENTS_CONSOLE_SIGN_IN is \"token\", which is for development: PAYMENTS_LISTEN "
            "must be a loopback address.\n"
        ) << open;
    EXPECT_EQ(settings(with(console, {{"PAYMENTS_LISTEN", "[::1]:1"}})).listen.port, 1);
    // Behind a proxy on the same machine.
    EXPECT_EQ(
        joined(load_settings(
                   with(with(enough(), console), {{"PAYMENTS_PUBLIC_URL", "https://pay.example"}}),
                   {}
        )
                   .mistakes),
        "PAYMENTS_CONSOLE_SIGN_IN is \"token\", which is for development: PAYMENTS_PUBLIC_URL "
        "must be a loopback address.\n"
    );
    for (const std::string own : {"http://127.0.0.1:8080", "http://localhost", "https://[::1]"})
        EXPECT_EQ(settings(with(console, {{"PAYMENTS_PUBLIC_URL", own}})).public_url, own);
}

TEST(Config, settlements_begin_on_a_day_and_are_paid_to_accounts) {
    const auto given =
        settings({{"PAYMENTS_SETTLEMENT_FROM", "2026-06-01"},
                  {"PAYMENTS_SETTLEMENT_BANK_ACCOUNTS", "HUF:HU42 1177, EUR:HU86, HUF:HU43"},
                  {"PAYMENTS_SETTLEMENT_OVERDUE_DAYS_BANK", "3"}}
        ).settlements;
    EXPECT_EQ(given.from, std::chrono::June / 1 / 2026);
    EXPECT_EQ(given.bank_accounts.at("HUF"), (std::set<std::string>{"HU42 1177", "HU43"}));
    EXPECT_EQ(given.bank_accounts.at("EUR").size(), 1U);
    EXPECT_EQ(given.bank_days, 3);
    EXPECT_EQ(given.stripe_days, 7);
    for (const auto* wrong : {"2026-06-31", "1 June", "2026-06-01T00:00:00Z"})
        EXPECT_EQ(
            mistake_of("PAYMENTS_SETTLEMENT_FROM", wrong),
            std::string{"PAYMENTS_SETTLEMENT_FROM is \""} + wrong +
                "\" and must be a day such as 2026-06-01.\n"
        );
    for (const auto* wrong : {"HU42", "XXX:HU42", "HUF:", ":HU42"})
        EXPECT_EQ(
            mistake_of("PAYMENTS_SETTLEMENT_BANK_ACCOUNTS", wrong),
            std::string{"PAYMENTS_SETTLEMENT_BANK_ACCOUNTS is \""} + wrong +
                "\" and must be bank accounts behind their currencies, HUF:IBAN.\n"
        );
}

TEST(Config, the_key_of_the_console_is_base64_of_32_bytes) {
    const auto other = std::string(42, 'B') + "E=";
    EXPECT_EQ(
        settings({{"PAYMENTS_CONSOLE_KEY", console_key + ", " + other}}).console.keys.size(), 2U
    );
    for (const auto& wrong :
         {console_key.substr(1), console_key + "," + console_key, std::string(44, 'A'),
          std::string{" "}}) {
        const auto said = mistake_of("PAYMENTS_CONSOLE_KEY", wrong);
        EXPECT_TRUE(said.starts_with("PAYMENTS_CONSOLE_KEY must be ")) << wrong << "\n" << said;
        EXPECT_EQ(said.find(console_key.substr(1)), std::string::npos) << said;
    }
}

TEST(Config, no_setting_is_listed_twice) {
    std::set<std::string_view> names;
    for (const auto& setting : list_settings())
        EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
}

TEST(Config, no_two_operations_share_a_path) {
    EXPECT_EQ(
        mistake_of("PAYMENTS_ROUTE_STRIPE_WEBHOOK", "/payments/start"),
        "PAYMENTS_ROUTE_START_PAYMENT and PAYMENTS_ROUTE_STRIPE_WEBHOOK are both "
        "\"/payments/start\".\n"
    );
    EXPECT_NE(mistake_of("PAYMENTS_ROUTE_START_PAYMENT", "/healthz"), "");
    EXPECT_TRUE(is_taken("PAYMENTS_ROUTE_START_PAYMENT", "/console/start"));
    const Texts with_console{
        {"PAYMENTS_CONSOLE_SIGN_IN", "token"},
        {"PAYMENTS_CONSOLE_KEY", console_key},
        {"PAYMENTS_ROUTE_START_PAYMENT", "/console/start"}};
    EXPECT_EQ(
        joined(load_settings(with(enough(), with_console), {}).mistakes),
        "PAYMENTS_ROUTE_START_PAYMENT is \"/console/start\", which the service uses for something "
        "else.\n"
    );
}

TEST(Config, a_public_test_account_at_the_live_system_is_a_warning) {
    const Texts account{
        {"PAYMENTS_SIMPLEPAY_HUF_MERCHANT", "PUBLICTESTHUF"},
        {"PAYMENTS_SIMPLEPAY_HUF_SECRET", "S"},
        {"PAYMENTS_SIMPLEPAY_RETURN_URL", "https://shop.example/back"}};
    EXPECT_EQ(load_settings(with(enough(), account), {}).warnings.size(), 1U);
    const Texts sandbox{{"PAYMENTS_SIMPLEPAY_URL", "https://sandbox.simplepay.hu/payment/v2"}};
    EXPECT_TRUE(load_settings(with(with(enough(), account), sandbox), {}).warnings.empty());
}

TEST(Config, migrating_needs_the_database_only) {
    const auto loaded = load_settings(
        {{"PAYMENTS_DATABASE", "sqlite:p.db"}, {"PAYMENTS_LISTEN", "x"}}, {}, Purpose::migrate
    );
    ASSERT_TRUE(loaded.settings.has_value()) << joined(loaded.mistakes);
    EXPECT_EQ(loaded.settings->database.path, "p.db");
    EXPECT_TRUE(loaded.warnings.empty());
    EXPECT_FALSE(load_settings({{"PAYMENTS_DATABASE", "x"}}, {}, Purpose::migrate).settings);
}

TEST(Config, all_secrets_are_known_to_who_must_hide_them) {
    const auto given = settings(
        {{"PAYMENTS_SIMPLEPAY_HUF_MERCHANT", "M"},
         {"PAYMENTS_SIMPLEPAY_HUF_SECRET", "S"},
         {"PAYMENTS_SIMPLEPAY_RETURN_URL", "https://shop.example/back"}}
    );
    auto secrets = secrets_of(given);
    std::ranges::sort(secrets);
    EXPECT_EQ(secrets, (std::vector<std::string>{"S", "sk_test_1", "whsec_1"}));
}

TEST(Config, the_environment_is_read_as_far_as_it_is_ours) {
    setenv("PAYMENTS_OF_A_TEST", "a=b", 1);
    const auto found = read_environment();
    unsetenv("PAYMENTS_OF_A_TEST");
    EXPECT_EQ(found.at("PAYMENTS_OF_A_TEST"), "a=b");
    EXPECT_FALSE(found.contains("PATH"));
}

TEST(Config, flags_are_called_like_their_settings_and_secrets_have_none_but_a_files) {
    for (const auto& setting : list_settings()) {
        if (setting.is_secret) {
            EXPECT_TRUE(flag_of(setting).ends_with("-file"));
        }
        if (setting.name == "PAYMENTS_LIMIT_BODY") {
            EXPECT_EQ(flag_of(setting), "--limit-body");
        }
        if (setting.name == "PAYMENTS_STRIPE_SECRET_KEY") {
            EXPECT_EQ(flag_of(setting), "--stripe-secret-key-file");
            EXPECT_EQ(variable_of(setting), "PAYMENTS_STRIPE_SECRET_KEY_FILE");
        }
    }
}

TEST(Config, the_printed_tables_name_every_setting) {
    for (const auto& setting : list_settings()) {
        const std::string name{setting.name};
        EXPECT_NE(settings_as_text().find("\n" + name), std::string::npos) << name;
        EXPECT_NE(settings_as_markdown().find("| `" + name + "`"), std::string::npos) << name;
    }
}

TEST(Config, the_operations_guide_has_the_table_of_settings_as_it_is) {
    std::ifstream file{PROJECT_ROOT "/docs/operations.md"};
    const std::string guide{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_NE(guide.find("\n" + settings_as_markdown() + "\n"), std::string::npos)
        << "put the output of `ozora-payments settings --markdown` into docs/operations.md";
}

TEST(Config, replicas_that_are_set_up_alike_have_one_fingerprint) {
    const auto of = [](const Texts& more) { return settings(more).fingerprint; };
    const auto plain = of({});
    EXPECT_EQ(plain.size(), 16U);
    // What is each replica's own, and a default that was written down.
    EXPECT_EQ(of({{"PAYMENTS_LISTEN", "127.0.0.1:9090"}, {"PAYMENTS_THREADS", "7"}}), plain);
    EXPECT_EQ(of({{"PAYMENTS_LOG_LEVEL", "debug"}, {"PAYMENTS_DRAIN_MS", "10000"}}), plain);
    EXPECT_NE(of({{"PAYMENTS_DRAIN_MS", "9000"}}), plain);
    // No secret, by which somebody could try which it is.
    EXPECT_EQ(of({{"PAYMENTS_DATABASE_PASSWORD", "hunter2"}}), plain);
    const auto database = [&](const std::string& url) { return of({{"PAYMENTS_DATABASE", url}}); };
    const auto server = database("postgresql://eva:one@db.example/payments");
    EXPECT_EQ(database("postgresql://eva:other@db.example/payments?password=x"), server);
    EXPECT_NE(database("postgresql://eva:one@db2.example/payments"), server);
}

}  // namespace
}  // namespace payments
