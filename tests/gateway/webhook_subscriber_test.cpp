#include "gateway/webhook_subscriber.hpp"

#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "fixtures/loop.hpp"
#include "fixtures/scripted_server.hpp"
#include "fixtures/scripted_world.hpp"
#include "support/clock.hpp"
#include "support/crypto.hpp"
#include "support/event_body.hpp"

namespace payments::gateway {
namespace {

using namespace std::chrono_literals;
using test::answered;
using test::HeardRequest;
using test::opened_at;
using test::Scripted;
using test::ScriptedServer;

// From the specification's own example.
const std::string example_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string other_secret = "whsec_" + std::string(32, 'A');

OutgoingEvent event_of(Status before, Status after, const std::string& type) {
    const auto code = Code::parse("FULL-FEE-EUR-SIMPLE").value();
    return {
        .number = 7,
        .type = type,
        .at = opened_at + 65s,
        .transaction_id = 42,
        .ticket_id = 31'090,
        .code = code,
        .amount = Money::parse("220.5", code.currency).value(),
        .opened_at = opened_at,
        .before = {before, 0},
        .after = {after, 0},
        .provider_id = "512345678",
    };
}
OutgoingEvent paid() { return event_of(Status::pending, Status::paid, "payment.paid"); }

// -------------------------------------------------------------------------------- the message

TEST(EventBody, of_a_payment_is_this_to_the_byte) {
    EXPECT_EQ(
        event_body(paid()),
        R"({"type":"payment.paid","timestamp":"2026-03-02T09:16:05.123Z","data":{)"
        R"("transaction_id":42,"reference":"TR42","ticket_id":31090,)"
        R"("code":"FULL-FEE-EUR-SIMPLE","fee_type":"FULL-FEE","currency":"EUR",)"
        R"("amount":220.5,"amount_refunded":0,"processor":"SIMPLE",)"
        R"("provider_transaction_id":"512345678","status":"paid","previous_status":"pending",)"
        R"("review_reason":null}})"
    );
}

TEST(EventBody, of_a_test_says_nothing_of_anybody) {
    EXPECT_EQ(
        test_event_body(opened_at + 65s),
        R"({"type":"test","timestamp":"2026-03-02T09:16:05.123Z","data":{}})"
    );
}

TEST(EventBody, of_a_refund_says_how_much_has_gone_back) {
    auto event = event_of(Status::paid, Status::partially_refunded, "payment.refunded");
    event.after.refunded_minor = 5050;
    const auto body = event_body(event);
    EXPECT_NE(body.find(R"("type":"payment.refunded")"), std::string::npos) << body;
    EXPECT_NE(body.find(R"("amount_refunded":50.5)"), std::string::npos) << body;
    EXPECT_NE(
        body.find(R"("status":"partially_refunded","previous_status":"paid")"), std::string::npos
    ) << body;
}

TEST(EventBody, of_a_review_says_why) {
    auto event = event_of(Status::created, Status::review, "payment.review");
    event.provider_id = "";
    event.review_reason = "duplicate \"TR41\"";
    const auto body = event_body(event);
    EXPECT_NE(body.find(R"("provider_transaction_id":null)"), std::string::npos) << body;
    EXPECT_NE(body.find(R"("review_reason":"duplicate \"TR41\"")"), std::string::npos) << body;
}

TEST(EventBody, of_forints_has_no_decimals) {
    const auto code = Code::parse("FULL-FEE-HUF-STRIPE-INTENTS").value();
    auto event = paid();
    event.code = code;
    event.amount = Money::parse("88000", code.currency).value();
    event.after.refunded_minor = 8'800'000;
    const auto body = event_body(event);
    EXPECT_NE(
        body.find(R"("currency":"HUF","amount":88000,"amount_refunded":88000,)"), std::string::npos
    ) << body;
}

// ------------------------------------------------------------------------------ the signature

TEST(EventSignature, is_that_of_the_specifications_example) {
    const std::vector<std::string> keys{event_key(example_secret).value()};
    EXPECT_EQ(
        event_signature(
            keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"
        ),
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    );
}

TEST(EventSignature, is_one_for_each_secret_while_one_is_rolled) {
    const auto key = event_key(example_secret).value();
    const auto other = event_key(other_secret).value();
    const auto both = event_signature(std::vector{key, other}, "evt_1", 1, "{}");
    EXPECT_EQ(
        both, event_signature(std::vector{key}, "evt_1", 1, "{}") + " " +
                  event_signature(std::vector{other}, "evt_1", 1, "{}")
    );
}

TEST(EventSecret, has_24_to_64_bytes) {
    const auto secret_of = [](std::size_t bytes) {
        return "whsec_" + crypto::base64(std::string(bytes, 'k'));
    };
    EXPECT_TRUE(event_key(secret_of(24)));
    EXPECT_TRUE(event_key(secret_of(64)));
    for (const auto& wrong :
         {secret_of(23), secret_of(65), std::string{"whsec_"}, std::string(38, 'A'),
          "whsec_" + std::string(31, 'A'), "whsec_" + std::string(31, 'A') + "*"})
        EXPECT_FALSE(event_key(wrong)) << wrong;
}

// ------------------------------------------------------------------------------ the deliveries

class Delivering : public testing::Test {
protected:
    DeliveryAttempt deliver(Scripted answer, const std::string& path = "/hooks/payments") {
        server.emplace([answer](const HeardRequest&) { return answer; });
        return deliver_to(server->url() + path);
    }
    DeliveryAttempt deliver_to(const std::string& url) {
        boost::asio::io_context loop;
        HttpsClient client{loop, {}};
        SubscriberSettings settings;
        settings.url = url;
        settings.secrets = {example_secret, other_secret};
        settings.timeout = timeout;
        WebhookSubscriber subscriber{client, clock, settings};
        std::optional<DeliveryAttempt> delivery;
        const auto event = paid();
        boost::asio::co_spawn(
            loop, testing_support::store_answer(subscriber.deliver(event), delivery),
            [](std::exception_ptr thrown) {
                if (thrown) std::rethrow_exception(thrown);
            }
        );
        while (!delivery) loop.run_one();
        return *delivery;
    }
    HeardRequest heard() { return server->heard().at(0); }

    testing_support::ScriptedClock clock{Time{1'772'442'999'999ms}};
    std::chrono::milliseconds timeout = 5s;
    std::optional<ScriptedServer> server;
};

TEST_F(Delivering, sends_what_standard_webhooks_asks_for) {
    EXPECT_TRUE(deliver(answered(204, "")).delivered);
    const auto request = heard();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/hooks/payments");
    EXPECT_EQ(request.body, event_body(paid()));
    EXPECT_EQ(request.header("content-type"), "application/json");
    EXPECT_EQ(request.header("user-agent"), "ozora-payments");
    EXPECT_EQ(request.header("webhook-id"), paid().id().text());
    EXPECT_EQ(request.header("webhook-timestamp"), "1772442999");
    const std::vector<std::string> keys{
        event_key(example_secret).value(), event_key(other_secret).value()};
    EXPECT_EQ(
        request.header("webhook-signature"),
        event_signature(keys, paid().id().text(), 1772442999, request.body)
    );
}

TEST_F(Delivering, goes_to_the_path_and_query_as_they_were_given) {
    for (const std::string path : {"/hooks/", "/hooks?shop=1", "/"}) {
        EXPECT_TRUE(deliver(answered(200, ""), path).delivered);
        EXPECT_EQ(heard().target, path);
    }
    EXPECT_TRUE(deliver(answered(200, ""), "").delivered);
    EXPECT_EQ(heard().target, "/");
    EXPECT_TRUE(deliver(answered(200, ""), "?shop=1").delivered);
    EXPECT_EQ(heard().target, "/?shop=1");
}

TEST_F(Delivering, is_done_by_2xx_alone) {
    for (const int status : {200, 201, 202, 204, 299})
        EXPECT_TRUE(deliver(answered(status, "")).delivered) << status;
    for (const int status : {301, 302, 307, 400, 401, 404, 409, 410, 429, 500, 503}) {
        const auto delivery = deliver(answered(status, "no"));
        EXPECT_FALSE(delivery.delivered) << status;
        EXPECT_EQ(delivery.reason, "answered " + std::to_string(status));
    }
}

TEST_F(Delivering, does_not_follow_a_redirect) {
    const auto delivery = deliver(answered(307, "", {"Location: /elsewhere"}));
    EXPECT_FALSE(delivery.delivered);
    EXPECT_EQ(server->heard().size(), 1u);
}

TEST_F(Delivering, hears_how_long_to_wait) {
    EXPECT_EQ(deliver(answered(503, "", {"Retry-After: 120"})).asked_to_wait, 120s);
    EXPECT_EQ(deliver(answered(503, "", {"Retry-After: 99999999999"})).asked_to_wait, 24h);
    const auto at = [](const char* date) {
        return std::vector{"Retry-After: " + std::string{date}};
    };
    clock.time = parse_http_date("Sun, 29 Nov 2026 12:00:00 GMT").value();
    EXPECT_EQ(deliver(answered(503, "", at("Sun, 29 Nov 2026 12:02:00 GMT"))).asked_to_wait, 120s);
    EXPECT_EQ(deliver(answered(503, "", at("Sun, 29 Nov 2026 11:00:00 GMT"))).asked_to_wait, 0s);
    EXPECT_EQ(deliver(answered(503, "", at("Wed, 29 Dec 2027 12:00:00 GMT"))).asked_to_wait, 24h);
    for (const std::string unusable :
         {"soon", "-5", "", "1.5", "99999999999999999999", "Sun, 29 Nov 2026 12:02:00",
          "Sun, 31 Nov 2026 12:02:00 GMT", "Sunday, 29-Nov-26 12:02:00 GMT"})
        EXPECT_EQ(deliver(answered(503, "", {"Retry-After: " + unusable})).asked_to_wait, 0s);
}

TEST_F(Delivering, fails_when_nobody_answers) {
    EXPECT_TRUE(deliver_to(test::deserted_url()).reason.starts_with("unreachable: "));
    EXPECT_TRUE(deliver(test::closed()).reason.starts_with("no answer: "));
    timeout = 200ms;
    const auto begin = std::chrono::steady_clock::now();
    const auto delivery = deliver(test::silent());
    EXPECT_TRUE(delivery.reason.starts_with("no answer: ")) << delivery.reason;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST(WebhookSubscriber, refuses_plain_http_to_the_world_and_secrets_that_are_none) {
    boost::asio::io_context loop;
    HttpsClient client{loop, {}};
    const SystemClock clock;
    const auto make = [&](const std::string& url, const std::string& secret) {
        SubscriberSettings settings;
        settings.url = url;
        settings.secrets = {secret};
        WebhookSubscriber{client, clock, settings};
    };
    EXPECT_NO_THROW(make("https://shop.example/hook", example_secret));
    EXPECT_THROW(make("http://shop.example/hook", example_secret), std::invalid_argument);
    EXPECT_THROW(make("https://shop.example/hook", "whsec_short"), std::invalid_argument);
}

}  // namespace
}  // namespace payments::gateway
