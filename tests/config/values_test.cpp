#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "config/table.hpp"
#include "fixtures/settings.hpp"
#include "flow/console/sessions.hpp"

// What the text of a setting may be.
namespace payments {
namespace {

TEST(ConfigValues, listens_on_an_ip_address_and_a_port) {
    EXPECT_EQ(settings({{"PAYMENTS_LISTEN", "[::1]:0"}}).listen.host, "::1");
    EXPECT_EQ(settings({{"PAYMENTS_LISTEN", "0.0.0.0:65535"}}).listen.port, 65535);
    for (const std::string wrong :
         {"127.0.0.1", "127.0.0.1:", ":8080", "8080", "localhost:8080", "127.0.0.1:65536",
          "127.0.0.1:-1", "::1:80", "[::1]", "[::1", "[127.0.0.1]:80", "127.0.0.1:80 "})
        EXPECT_FALSE(is_taken("PAYMENTS_LISTEN", wrong)) << wrong;
}

TEST(ConfigValues, keeps_payments_in_a_sqlite_file) {
    EXPECT_EQ(settings({{"PAYMENTS_DATABASE", "sqlite:/var/p.db"}}).database.path, "/var/p.db");
    for (const std::string wrong : {"/var/p.db", "sqlite:", "sqlite::memory:", "mysql://x"})
        EXPECT_FALSE(is_taken("PAYMENTS_DATABASE", wrong)) << wrong;
}

TEST(ConfigValues, keeps_payments_on_a_postgresql_server) {
    for (const std::string url :
         {"postgresql://pay@db1:5432,db2:5432/pay?target_session_attrs=read-write",
          "postgres://db/pay", "postgresql:///pay?host=/run/postgresql"}) {
        const auto taken = settings(
            {{"PAYMENTS_DATABASE", url},
             {"PAYMENTS_DATABASE_PREPARED", "off"},
             {"PAYMENTS_DATABASE_CONNECTIONS", "6"},
             {"PAYMENTS_DATABASE_TIMEOUT_MS", "2000"}}
        );
        EXPECT_TRUE(taken.database.is_postgres());
        EXPECT_EQ(taken.database.url, url);
        EXPECT_EQ(taken.database.path, "");
        EXPECT_FALSE(taken.database.prepared);
        EXPECT_EQ(taken.database.connections, 6);
        EXPECT_EQ(taken.database.timeout, std::chrono::milliseconds{2000});
    }
    EXPECT_FALSE(is_taken("PAYMENTS_DATABASE_PREPARED", "yes"));
    EXPECT_FALSE(is_taken("PAYMENTS_DATABASE_CONNECTIONS", "1"));
}

TEST(ConfigValues, plain_http_is_for_loopback_only) {
    for (const std::string name :
         {"PAYMENTS_TICKETS_URL", "PAYMENTS_STRIPE_URL", "PAYMENTS_SIMPLEPAY_URL",
          "PAYMENTS_SIMPLEPAY_RETURN_URL", "PAYMENTS_PUBLIC_URL", "PAYMENTS_USER_KEYS",
          "PAYMENTS_SERVICE_KEYS"}) {
        for (const std::string right :
             {"https://a.example", "http://127.0.0.1:9/x", "http://localhost", "http://[::1]:1"})
            EXPECT_EQ(mistake_of(name, right), "") << name << " " << right;
        for (const std::string wrong :
             {"http://a.example", "http://10.0.0.1", "http://127.0.0.1.example", "ftp://a.example",
              "https://", "https://a b", "https://a.example:0", "https://a.example:x",
              "https://a.example:", "https://a..b", "https://[::1", "https://[::1]x", "https://a@b",
              "https://a.example/x#y", "https://a_b"})
            EXPECT_FALSE(is_taken(name, wrong)) << name << " " << wrong;
    }
}

TEST(ConfigValues, a_base_url_has_no_query_and_loses_the_slash_at_its_end) {
    EXPECT_EQ(
        settings({{"PAYMENTS_TICKETS_URL", "https://Tickets.Example/Api/"}}).tickets_url,
        "https://tickets.example/Api"
    );
    EXPECT_FALSE(is_taken("PAYMENTS_TICKETS_URL", "https://tickets.example?x=1"));
    EXPECT_TRUE(is_taken("PAYMENTS_SIMPLEPAY_RETURN_URL", "https://shop.example/back?lang=hu"));
}

TEST(ConfigValues, origins_are_what_browsers_send) {
    const auto given =
        settings({{"PAYMENTS_ALLOWED_ORIGINS", "https://Shop.example, http://localhost:8081"}});
    EXPECT_EQ(
        given.allowed_origins,
        (std::vector<std::string>{"https://shop.example", "http://localhost:8081"})
    );
    for (const std::string wrong :
         {"*", "null", "shop.example", "https://shop.example/", "https://shop.example/x",
          "http://shop.example", "https://shop.example:443", "http://localhost:80",
          "https://a.example,,https://b.example", "https://a.example,https://a.example"})
        EXPECT_FALSE(is_taken("PAYMENTS_ALLOWED_ORIGINS", wrong)) << wrong;
}

TEST(ConfigValues, proxies_are_networks_or_addresses) {
    EXPECT_EQ(
        settings({{"PAYMENTS_TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.1, ::1,fd00::/8"}}
        ).trusted_proxies,
        (std::vector<std::string>{"10.0.0.0/8", "127.0.0.1/32", "::1/128", "fd00::/8"})
    );
    for (const std::string wrong :
         {"10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "proxy", "::/129", "10.0.0.0/", "10.0.0.0/-1",
          "10.0.0.0/08x", "fd00::1/8"})
        EXPECT_FALSE(is_taken("PAYMENTS_TRUSTED_PROXIES", wrong)) << wrong;
}

TEST(ConfigValues, a_rate_is_so_many_per_period_and_a_burst) {
    const auto given =
        settings({{"PAYMENTS_RATE_LIMIT_ADDRESS", "100/min"}, {"PAYMENTS_RATE_LIMIT_TICKET", "off"}}
        );
    ASSERT_TRUE(given.rate_limit_address.has_value());
    EXPECT_EQ(given.rate_limit_address->requests, 100);
    EXPECT_EQ(given.rate_limit_address->period, std::chrono::seconds{60});
    EXPECT_EQ(given.rate_limit_address->burst, 100);
    EXPECT_FALSE(given.rate_limit_ticket.has_value());
    for (const std::string wrong :
         {"10", "10/", "10/d", "/s", "0/s", "-1/s", "10/s burst", "10/s burst 0", "10/s 30",
          "10/s burst 3 0", "1.5/s", "OFF", "10/sburst 3"})
        EXPECT_FALSE(is_taken("PAYMENTS_RATE_LIMIT_TICKET", wrong)) << wrong;
}

TEST(ConfigValues, every_number_is_taken_within_its_range_and_nowhere_else) {
    const std::regex range{"([0-9]+) to ([0-9]+)"};
    int numbers = 0;
    for (const auto& setting : list_settings()) {
        const std::string name{setting.name}, form{setting.form};
        std::smatch ends;
        if (!std::regex_match(form, ends, range)) continue;
        ++numbers;
        const auto least = std::stoll(ends[1]), most = std::stoll(ends[2]);
        EXPECT_TRUE(is_taken(name, std::to_string(least))) << name;
        EXPECT_TRUE(is_taken(name, std::to_string(most))) << name;
        EXPECT_FALSE(is_taken(name, std::to_string(least - 1))) << name;
        EXPECT_FALSE(is_taken(name, std::to_string(most + 1))) << name;
        for (const std::string wrong :
             {"x", "1e3", "+20", " 20", "20 ", "0x20", "99999999999999999999"})
            EXPECT_FALSE(is_taken(name, wrong)) << name << " " << wrong;
    }
    EXPECT_EQ(numbers, 28);
}

TEST(ConfigValues, a_stripe_key_tells_live_from_test) {
    EXPECT_TRUE(settings({{"PAYMENTS_STRIPE_SECRET_KEY", "sk_live_1"}}).stripe.is_live());
    EXPECT_TRUE(settings({{"PAYMENTS_STRIPE_SECRET_KEY", "rk_live_1"}}).stripe.is_live());
    EXPECT_FALSE(settings({{"PAYMENTS_STRIPE_SECRET_KEY", "sk_test_1"}}).stripe.is_live());
    for (const std::string wrong : {"pk_live_1", "sk_live_", "sk_1", "sk_live_a b"})
        EXPECT_FALSE(is_taken("PAYMENTS_STRIPE_SECRET_KEY", wrong)) << wrong;
}

TEST(ConfigValues, currencies_are_those_of_iso_4217) {
    EXPECT_TRUE(settings({{"PAYMENTS_STRIPE_CURRENCIES", "CHF"}}).stripe.currencies.contains("CHF")
    );
    for (const std::string wrong : {"eur", "EURO", "XXQ", "EUR;HUF"})
        EXPECT_FALSE(is_taken("PAYMENTS_STRIPE_CURRENCIES", wrong)) << wrong;
}

TEST(ConfigValues, words_are_taken_from_their_lists_only) {
    EXPECT_EQ(
        settings({{"PAYMENTS_SIMPLEPAY_CONFIRM", "always"}}).simplepay.confirm,
        SimplePayConfirm::always
    );
    EXPECT_EQ(settings({{"PAYMENTS_LOG_LEVEL", "error"}}).log_level, log::Level::error);
    EXPECT_FALSE(is_taken("PAYMENTS_SIMPLEPAY_CONFIRM", "sometimes"));
    EXPECT_FALSE(is_taken("PAYMENTS_LOG_LEVEL", "INFO"));
}

// Whatever a replica is told, others forget no session that counts there.
TEST(ConfigValues, no_session_is_left_alone_for_longer_than_it_is_kept) {
    const auto most = SessionStore::idle_max.count();
    EXPECT_TRUE(is_taken("PAYMENTS_CONSOLE_IDLE_MINUTES", std::to_string(most)));
    EXPECT_FALSE(is_taken("PAYMENTS_CONSOLE_IDLE_MINUTES", std::to_string(most + 1)));
}

TEST(ConfigValues, a_time_zone_has_the_form_of_the_ianas_names) {
    EXPECT_EQ(settings({}).time_zone, "Europe/Budapest");
    for (const std::string right : {"UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+1"})
        EXPECT_EQ(settings({{"PAYMENTS_TIME_ZONE", right}}).time_zone, right);
    for (const std::string wrong : {"/UTC", "Europe//Budapest", "Europe/", "../UTC", "a b", "Ó"})
        EXPECT_FALSE(is_taken("PAYMENTS_TIME_ZONE", wrong)) << wrong;
}

TEST(ConfigValues, each_operation_can_be_moved) {
    const auto given = settings({{"PAYMENTS_ROUTE_SIMPLE_PAY_IPN", "/ipn.php"}});
    EXPECT_EQ(given.routes.size(), 37U);
    EXPECT_EQ(given.routes.at("simplePayIpn"), "/ipn.php");
    EXPECT_EQ(given.routes.at("listTicketIds"), "/payments/ticket-ids");
    EXPECT_EQ(given.routes.at("stripeWebhook"), "/payments/stripe/webhook");
    for (const std::string wrong :
         {"start", "/start?x", "/start#x", "/a b", "//a", "/a/../b", "/a/.", "/%61", "/{id}"})
        EXPECT_FALSE(is_taken("PAYMENTS_ROUTE_START_PAYMENT", wrong)) << wrong;
}

TEST(ConfigValues, each_operation_has_the_path_of_its_own_setting) {
    for (const auto& route : config::routes()) {
        const std::string operation{route.operation};
        const auto moved = settings({{std::string{route.setting}, "/moved"}}).routes;
        EXPECT_EQ(moved.at(operation), "/moved") << operation;
        const auto is_moved = [](const auto& one) { return one.second == "/moved"; };
        EXPECT_EQ(std::ranges::count_if(moved, is_moved), 1) << operation;
    }
}

}  // namespace
}  // namespace payments
