#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "fixtures/calling.hpp"
#include "fixtures/scripted_server.hpp"
#include "fixtures/stripe_openapi.hpp"
#include "gateway/simplepay/client.hpp"
#include "gateway/stripe/client.hpp"

// Refunds over real sockets, against a server that answers as the providers do.
namespace payments::gateway {
namespace {

using namespace std::chrono_literals;
using test::answered;
using test::attempt_for;
using test::fact_in;
using test::HeardRequest;
using test::Scripted;
using test::ScriptedServer;

class Refunding : public testing::Test {
protected:
    Refund wanted{"TR42-R1", Money::parse("20.5", Currency::of("EUR").value()).value()};
    Transaction attempt = attempt_for("FULL-FEE-EUR-SIMPLE", "220.5", "PUBLICTESTEUR");
    boost::asio::io_context loop;
    HttpsClient client{loop, {}};
    test::StandingClock clock;

    void tell(FactKind kind, Time at) {
        LedgerEntry event{at, Source::service, {}};
        event.fact.kind = kind;
        event.fact.refund = wanted.reference;
        attempt.entries.push_back(std::move(event));
    }
    FactKind fact(const RefundResult& refunded) const {
        EXPECT_EQ(refunded.facts.size(), 1U);
        EXPECT_EQ(refunded.facts.at(0).refund, wanted.reference);
        return refunded.facts.at(0).kind;
    }
};

// ------------------------------------------------------------------------- SimplePay

class SimplePayRefunding : public Refunding {
protected:
    RefundResult refund(const std::string& url) {
        SimplePaySettings settings;
        settings.url = url + "/payment/v2";
        settings.accounts = {{"EUR", {"PUBLICTESTEUR", secret}}};
        settings.timeout = 300ms;
        SimplePay simplepay{client, settings};
        attempt.provider_id = "512345678";
        return test::await_on(loop, simplepay.refund(attempt, wanted));
    }
    Scripted signed_answer(const std::string& body) const {
        return answered(200, body, {"Signature: " + simplepay::sign(body, secret)});
    }
    const std::string secret = "9A2sDc7xh1JKW8r193RwW7X7X2ts837w";
};

TEST_F(SimplePayRefunding, a_refund_is_signed_and_its_answer_is_taken) {
    ScriptedServer server{[&](const HeardRequest&) {
        return signed_answer(
            R"({"salt":"s","merchant":"PUBLICTESTEUR","orderRef":"TR42","currency":"EUR",)"
            R"("transactionId":512345678,"refundTransactionId":512345700,"refundTotal":20.5,)"
            R"("remainingTotal":200.0})"
        );
    }};
    const auto refunded = refund(server.url());
    EXPECT_EQ(refunded.outcome, Outcome::accepted);
    EXPECT_EQ(fact(refunded), FactKind::refunded);
    const auto heard = server.heard().at(0);
    EXPECT_EQ(heard.target, "/payment/v2/refund");
    EXPECT_TRUE(simplepay::is_signed(heard.body, heard.header("signature"), secret));
}

TEST_F(SimplePayRefunding, a_lost_answer_leaves_it_open_and_nothing_is_sent_twice) {
    ScriptedServer server{[](const HeardRequest&) { return test::closed(); }};
    const auto refunded = refund(server.url());
    EXPECT_EQ(refunded.outcome, Outcome::unanswered);
    EXPECT_EQ(fact(refunded), FactKind::refund_unanswered);
    EXPECT_EQ(server.heard().size(), 1U);

    ScriptedServer mute{[](const HeardRequest&) { return test::silent(); }};
    EXPECT_EQ(refund(mute.url()).outcome, Outcome::unanswered);
}

TEST_F(SimplePayRefunding, nobody_there_frees_the_amount_since_nothing_was_sent) {
    const auto refunded = refund(test::deserted_url());
    EXPECT_EQ(refunded.outcome, Outcome::unreachable);
    EXPECT_EQ(fact(refunded), FactKind::refund_refused);
    EXPECT_NE(refunded.facts[0].detail, "");
}

TEST_F(SimplePayRefunding, an_account_that_is_not_set_up_any_more_is_not_asked) {
    ScriptedServer server{[](const HeardRequest&) { return test::closed(); }};
    attempt.account = "NOLONGEROURS";
    const auto refunded = refund(server.url());
    EXPECT_EQ(refunded.outcome, Outcome::refused);
    EXPECT_EQ(fact(refunded), FactKind::refund_refused);
    EXPECT_TRUE(server.heard().empty());
}

// ------------------------------------------------------------------------- Stripe

class StripeRefunding : public Refunding {
protected:
    StripeRefunding() {
        attempt = attempt_for("FULL-FEE-EUR-STRIPE-INTENTS", "220.5", "test");
        attempt.provider_id = "pi_1";
        clock.time = attempt.created_at + 1h;
        tell(FactKind::refund_requested, clock.time);
    }
    Stripe gateway(const std::string& url) {
        StripeSettings settings;
        settings.url = url;
        settings.secret_key = "sk_test_123";
        settings.timeout = 4000ms;
        return {client, clock, settings};
    }
    RefundResult refund(const std::string& url) {
        auto stripe = gateway(url);
        return test::await_on(loop, stripe.refund(attempt, wanted));
    }
    QueryResult ask(const std::string& url) {
        auto stripe = gateway(url);
        return test::await_on(loop, stripe.query({attempt})).at(0);
    }
    static std::string object(const std::string& name, const std::string& id = "re_1") {
        return R"({"id":")" + id + R"(","object":"refund","amount":2050,"currency":"eur",)" +
               R"("payment_intent":"pi_1","metadata":{"refund":")" + name +
               R"(","transaction_id":"42","attempt":"pi-create-TR42-1772442900123"},)" +
               R"("status":"succeeded"})";
    }
    static std::string list(const std::string& items, bool has_more = false) {
        return R"({"object":"list","url":"/v1/refunds","has_more":)" +
               std::string{has_more ? "true" : "false"} + R"(,"data":[)" + items + "]}";
    }
    static Scripted trouble() { return answered(500, R"({"error":{"type":"api_error"}})"); }
    // A server that answers orders and lists as told; all requests are as Stripe's types have them.
    using Answer = std::function<Scripted()>;
    static ScriptedServer::Script script(Answer on_order, Answer on_list) {
        return [=](const HeardRequest& request) {
            const auto faults = test::stripe_faults(request.method, request.target, request.body);
            EXPECT_TRUE(faults.empty()) << (faults.empty() ? "" : faults.front());
            return request.method == "POST" ? on_order() : on_list();
        };
    }
    static std::size_t count(const ScriptedServer& server, const std::string& method) {
        const auto heard = server.heard();
        return std::ranges::count(heard, method, &HeardRequest::method);
    }
};

TEST_F(StripeRefunding, an_order_is_made_under_its_own_key) {
    ScriptedServer server{script([] { return answered(200, object("TR42-R1")); }, trouble)};
    const auto refunded = refund(server.url());
    EXPECT_EQ(refunded.outcome, Outcome::accepted);
    EXPECT_EQ(fact(refunded), FactKind::refunded);
    const auto heard = server.heard().at(0);
    EXPECT_EQ(heard.target, "/v1/refunds");
    EXPECT_EQ(heard.header("idempotency-key"), "refund-TR42-R1-1772442900123");
}

TEST_F(StripeRefunding, a_lost_answer_is_asked_for_with_the_same_key_and_bytes) {
    const auto calls = std::make_shared<std::atomic<int>>(0);
    ScriptedServer server{script(
        [=] { return ++*calls == 1 ? test::closed() : answered(200, object("TR42-R1")); }, trouble
    )};
    EXPECT_EQ(refund(server.url()).outcome, Outcome::accepted);
    const auto heard = server.heard();
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[0].body, heard[1].body);
    EXPECT_EQ(heard[0].header("idempotency-key"), heard[1].header("idempotency-key"));
}

TEST_F(StripeRefunding, trouble_leaves_a_first_order_open_at_once) {
    ScriptedServer server{script(trouble, trouble)};
    const auto refunded = refund(server.url());
    EXPECT_EQ(refunded.outcome, Outcome::unanswered);
    EXPECT_EQ(fact(refunded), FactKind::refund_unanswered);
    EXPECT_EQ(count(server, "GET"), 0U) << "whoever ordered it must not wait for the list";
}

// Stripe keeps a 500 for a key like any other answer.
TEST_F(StripeRefunding, a_repeated_order_whose_key_repeats_an_error_is_looked_for_in_the_list) {
    tell(FactKind::refund_unanswered, clock.time);
    ScriptedServer server{script(trouble, [] {
        return answered(200, list(object("TR42-R9", "re_9") + "," + object("TR42-R1")));
    })};
    const auto refunded = refund(server.url());
    EXPECT_EQ(refunded.outcome, Outcome::accepted);
    EXPECT_EQ(fact(refunded), FactKind::refunded);
    EXPECT_EQ(refunded.facts[0].subject, "re_1");

    ScriptedServer without{script(trouble, [] { return answered(200, list("")); })};
    EXPECT_EQ(refund(without.url()).outcome, Outcome::unanswered) << "it may yet come of the key";
}

TEST_F(StripeRefunding, nobody_there_frees_the_amount_of_a_first_order_only) {
    EXPECT_EQ(fact(refund(test::deserted_url())), FactKind::refund_refused);
    tell(FactKind::refund_unanswered, clock.time);
    const auto repeated = refund(test::deserted_url());
    EXPECT_EQ(repeated.outcome, Outcome::unanswered);
    EXPECT_EQ(fact(repeated), FactKind::refund_unanswered);
}

TEST_F(StripeRefunding, an_order_whose_giver_died_counts_as_repeated) {
    clock.time += 11s;
    EXPECT_EQ(fact(refund(test::deserted_url())), FactKind::refund_unanswered);
}

TEST_F(StripeRefunding, an_old_order_is_never_given_again_but_looked_for) {
    clock.time += 23h;
    ScriptedServer made{script(trouble, [] { return answered(200, list(object("TR42-R1"))); })};
    EXPECT_EQ(fact(refund(made.url())), FactKind::refunded);
    ScriptedServer never{script(trouble, [] { return answered(200, list("")); })};
    EXPECT_EQ(fact(refund(never.url())), FactKind::refund_refused);
    ScriptedServer half{
        script(trouble, [] { return answered(200, list(object("TR42-R9"), true)); })};
    EXPECT_EQ(fact(refund(half.url())), FactKind::refund_unanswered);
    for (const auto* server : {&made, &never, &half}) EXPECT_EQ(count(*server, "POST"), 0U);
}

TEST_F(StripeRefunding, a_payment_of_the_other_mode_is_not_asked_for) {
    ScriptedServer server{script(trouble, trouble)};
    attempt.account = "live";
    EXPECT_EQ(fact(refund(server.url())), FactKind::refund_refused);
    tell(FactKind::refund_unanswered, clock.time);
    EXPECT_EQ(fact(refund(server.url())), FactKind::refund_unanswered);
    EXPECT_TRUE(server.heard().empty());
}

// ------------------------------------------------------------------------- the list

std::string intent(int refunded) {
    return R"({"id":"pi_1","object":"payment_intent","amount":22050,"amount_received":22050,)"
           R"("currency":"eur","livemode":false,"status":"succeeded",)"
           R"("latest_charge":{"amount_refunded":)" +
           std::to_string(refunded) + "}}";
}

TEST_F(StripeRefunding, the_list_of_refunds_is_read_to_its_end) {
    ScriptedServer server{[](const HeardRequest& request) {
        if (request.target.starts_with("/v1/payment_intents")) return answered(200, intent(4100));
        const bool first = request.target.find("starting_after") == std::string::npos;
        return answered(
            200, list(first ? object("TR42-R2", "re_2") : object("TR42-R1", "re_1"), first)
        );
    }};
    const auto said = ask(server.url());
    EXPECT_TRUE(said.answered);
    ASSERT_EQ(said.facts.size(), 3U);
    EXPECT_EQ(said.facts[1].subject, "re_2");
    EXPECT_EQ(said.facts[2].subject, "re_1");
    EXPECT_EQ(
        server.heard().at(2).target, "/v1/refunds?payment_intent=pi_1&limit=100&starting_after=re_2"
    );
}

TEST_F(StripeRefunding, half_a_list_is_no_answer) {
    ScriptedServer server{[](const HeardRequest& request) {
        if (request.target.starts_with("/v1/payment_intents")) return answered(200, intent(4100));
        const bool first = request.target.find("starting_after") == std::string::npos;
        return first ? answered(200, list(object("TR42-R2", "re_2"), true)) : answered(400, "");
    }};
    EXPECT_FALSE(ask(server.url()).answered);
}

TEST_F(StripeRefunding, one_that_came_back_is_found_although_the_sum_has_forgotten_it) {
    ScriptedServer server{[](const HeardRequest& request) {
        if (request.target.starts_with("/v1/payment_intents")) return answered(200, intent(0));
        auto failed = object("TR42-R1");
        failed.replace(failed.find("succeeded"), 9, "failed");
        return answered(200, list(failed));
    }};
    EXPECT_TRUE(fact_in(ask(server.url()).facts, FactKind::refund_failed));
    attempt.entries.clear();
    EXPECT_FALSE(fact_in(ask(server.url()).facts, FactKind::refund_failed))
        << "where none is known of, the list is not asked for";
}

}  // namespace
}  // namespace payments::gateway
