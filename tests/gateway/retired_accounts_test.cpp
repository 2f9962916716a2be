// Accounts that start no payment any more: their payments are still believed, asked for and
// refunded.
#include <gtest/gtest.h>

#include "fixtures/calling.hpp"
#include "fixtures/scripted_server.hpp"
#include "gateway/simplepay/client.hpp"
#include "gateway/stripe/accounts.hpp"
#include "support/json.hpp"

namespace payments::gateway {
namespace {

using test::attempt_for;
using test::HeardRequest;
using test::ScriptedServer;

class RetiredAccounts : public testing::Test {
protected:
    SimplePay simplepay(const std::string& url) {
        SimplePaySettings settings;
        settings.url = url + "/payment/v2";
        settings.accounts = {{"EUR", {"NEW", "secret-of-new"}}};
        settings.retired = {{"OLD", "secret-of-old"}};
        settings.return_url = "https://shop.example.com/back";
        return {client, settings};
    }
    StripeSettings stripe_settings(const std::string& url) {
        StripeSettings settings;
        settings.url = url;
        settings.secret_key = "sk_test_new";
        settings.retired_keys = {"sk_live_other", "sk_test_old"};
        return settings;
    }
    boost::asio::io_context loop;
    HttpsClient client{loop, {}};
    test::StandingClock clock;
};

TEST_F(RetiredAccounts, of_simplepay_are_asked_with_their_own_key_and_open_nothing) {
    ScriptedServer server{[](const HeardRequest& request) {
        const auto body = json::parse(request.body).value().as_object();
        const std::string answer =
            R"({"salt":"s","merchant":"OLD","transactions":[],"totalCount":0})";
        EXPECT_EQ(body.at("merchant"), "OLD");
        EXPECT_TRUE(simplepay::is_signed(request.body, request.header("signature"), "secret-of-old")
        );
        return test::answered(
            200, answer, {"Signature: " + simplepay::sign(answer, "secret-of-old")}
        );
    }};
    auto gateway = simplepay(server.url());
    EXPECT_TRUE(gateway.has_account("OLD"));
    EXPECT_FALSE(gateway.has_account("OLDER"));
    EXPECT_EQ(gateway.account(Currency::of("EUR").value()), "NEW");
    const auto attempt = attempt_for("FULL-FEE-EUR-SIMPLE", "220", "OLD");
    const auto said = test::await_on(loop, gateway.query({attempt}));
    EXPECT_TRUE(said.at(0).answered);
    EXPECT_TRUE(said.at(0).is_unknown);
    EXPECT_THROW(test::await_on(loop, gateway.start(attempt, {})), std::logic_error);
}

TEST_F(RetiredAccounts, of_simplepay_sign_their_notices) {
    const auto gateway = simplepay("http://127.0.0.1:9");
    const std::string body = R"({"merchant":"OLD","orderRef":"TR42","status":"FINISHED"})";
    EXPECT_TRUE(gateway.read(simplepay::sign(body, "secret-of-old"), body, clock.time));
    EXPECT_FALSE(gateway.read(simplepay::sign(body, "secret-of-new"), body, clock.time));
}

TEST_F(RetiredAccounts, of_stripe_are_asked_about_what_the_current_one_does_not_know) {
    ScriptedServer server{[](const HeardRequest& request) {
        const bool is_there = request.header("authorization") == "Bearer sk_test_old";
        if (!is_there)
            return test::answered(
                404, R"({"error":{"type":"invalid_request_error","code":"resource_missing"}})"
            );
        return test::answered(400, R"({"error":{"type":"invalid_request_error","code":"x"}})");
    }};
    StripeAccounts gateway{client, clock, stripe_settings(server.url())};
    EXPECT_TRUE(gateway.has_account("test"));
    EXPECT_TRUE(gateway.has_account("live"));
    auto attempt = attempt_for("FULL-FEE-EUR-STRIPE-INTENTS", "220", "test");
    attempt.provider_id = "pi_1";
    const auto said = test::await_on(loop, gateway.query({attempt}));
    EXPECT_FALSE(said.at(0).is_unknown);
    std::vector<std::string> keys;
    for (const auto& request : server.heard()) keys.push_back(request.header("authorization"));
    EXPECT_EQ(keys, (std::vector<std::string>{"Bearer sk_test_new", "Bearer sk_test_old"}));

    test::await_on(loop, gateway.cancel(attempt));
    const auto last = server.heard().back();
    EXPECT_EQ(last.target, "/v1/payment_intents/pi_1/cancel");
    EXPECT_EQ(last.header("authorization"), "Bearer sk_test_old");
}

TEST_F(RetiredAccounts, of_stripe_list_their_events_too) {
    ScriptedServer server{[](const HeardRequest&) {
        return test::answered(200, R"({"object":"list","data":[],"has_more":false})");
    }};
    StripeAccounts gateway{client, clock, stripe_settings(server.url())};
    for (auto* source : gateway.event_sources()) {
        std::string first;
        EXPECT_TRUE(test::await_on(loop, source->list({clock.time, true}, first)).answered);
    }
    std::vector<std::string> keys;
    for (const auto& request : server.heard()) keys.push_back(request.header("authorization"));
    EXPECT_EQ(
        keys, (std::vector<std::string>{
                  "Bearer sk_test_new", "Bearer sk_live_other", "Bearer sk_test_old"})
    );
}

TEST_F(RetiredAccounts, of_stripe_are_never_asked_when_the_current_one_is_silent) {
    ScriptedServer server{[](const HeardRequest&) { return test::answered(503, "{}"); }};
    StripeAccounts gateway{client, clock, stripe_settings(server.url())};
    auto attempt = attempt_for("FULL-FEE-EUR-STRIPE-INTENTS", "220", "test");
    attempt.provider_id = "pi_1";
    EXPECT_FALSE(test::await_on(loop, gateway.query({attempt})).at(0).answered);
    for (const auto& request : server.heard())
        EXPECT_EQ(request.header("authorization"), "Bearer sk_test_new");
}

}  // namespace
}  // namespace payments::gateway
