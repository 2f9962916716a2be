#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "fixtures/calling.hpp"
#include "fixtures/scripted_server.hpp"
#include "fixtures/stripe_openapi.hpp"
#include "gateway/simplepay/client.hpp"
#include "gateway/stripe/client.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

// Both adapters over real sockets, against a server that answers as the providers do.
namespace payments::gateway {
namespace {

using test::answered;
using test::attempt_for;
using test::fact_in;
using test::HeardRequest;
using test::Scripted;
using test::ScriptedServer;
using Kind = Outcome;
using std::chrono::milliseconds;

Payer visitor() {
    Payer payer;
    payer.email = "visitor@example.com";
    return payer;
}

class Exchange : public testing::Test {
protected:
    boost::asio::io_context loop;
    HttpsClient client{loop, {}};
    test::StandingClock clock;
};

// ------------------------------------------------------------------------- SimplePay

const simplepay::Accounts accounts{
    {"HUF", {"PUBLICTESTHUF", "FxDa5w314kLlNseq2sKuVwaqZshZT5d6"}},
    {"EUR", {"PUBLICTESTEUR", "9A2sDc7xh1JKW8r193RwW7X7X2ts837w"}},
};

Scripted signed_by(const std::string& currency, const std::string& body) {
    const auto signature = simplepay::sign(body, accounts.at(currency).secret);
    return answered(200, body, {"Content-Type: application/json", "Signature: " + signature});
}

class SimplePayExchange : public Exchange {
protected:
    SimplePay gateway(const std::string& url) {
        SimplePaySettings settings;
        settings.url = url + "/payment/v2";
        settings.accounts = accounts;
        settings.return_url = "https://shop.example.com/back";
        settings.timeout = milliseconds{300};
        return {client, settings};
    }
    StartResult start(const std::string& url) {
        auto simplepay = gateway(url);
        return test::await_on(loop, simplepay.start(attempt, visitor()));
    }
    Transaction attempt = attempt_for("FULL-FEE-EUR-SIMPLE", "220.5", "PUBLICTESTEUR");
    const std::string accepted =
        R"({"transactionId":512345678,"orderRef":"TR42","merchant":"PUBLICTESTEUR",)"
        R"("timeout":"2026-03-02T10:30:00+01:00","total":220.5,"paymentUrl":)"
        R"("https://sb-checkout.simplepay.hu/trx/x","currency":"EUR","salt":"s"})";
};

TEST_F(SimplePayExchange, a_start_is_signed_and_its_answer_hands_over_the_payment_page) {
    ScriptedServer server{[&](const HeardRequest&) { return signed_by("EUR", accepted); }};
    const auto started = start(server.url());
    EXPECT_EQ(started.outcome, Kind::accepted);
    EXPECT_EQ(started.redirect_url, "https://sb-checkout.simplepay.hu/trx/x");

    const auto heard = server.heard().at(0);
    EXPECT_EQ(heard.target, "/payment/v2/start");
    EXPECT_EQ(heard.header("content-type"), "application/json");
    EXPECT_TRUE(
        simplepay::is_signed(heard.body, heard.header("signature"), accounts.at("EUR").secret)
    );
    const auto body = json::parse(heard.body).value().as_object();
    EXPECT_EQ(test::text(body.at("salt")).size(), 32U);
    EXPECT_EQ(test::text(body.at("timeout")), "2026-03-02T09:30:00+00:00");
    EXPECT_EQ(test::text(body.at("total")), "220.5");
}

TEST_F(SimplePayExchange, a_start_is_never_sent_twice) {
    ScriptedServer server{[](const HeardRequest&) { return test::closed(); }};
    const auto started = start(server.url());
    EXPECT_EQ(started.outcome, Kind::unanswered);
    EXPECT_TRUE(fact_in(started.facts, FactKind::unanswered));
    EXPECT_EQ(server.heard().size(), 1U);
}

TEST_F(SimplePayExchange, silence_is_unknown_and_nobody_there_is_a_failure) {
    ScriptedServer server{[](const HeardRequest&) { return test::silent(); }};
    EXPECT_EQ(start(server.url()).outcome, Kind::unanswered);
    const auto unreachable = start(test::deserted_url());
    EXPECT_EQ(unreachable.outcome, Kind::unreachable);
    EXPECT_TRUE(fact_in(unreachable.facts, FactKind::failed));
}

TEST_F(SimplePayExchange, attempts_are_asked_for_together_by_merchant_fifty_at_a_time) {
    ScriptedServer server{[](const HeardRequest& request) {
        const auto body = json::parse(request.body).value().as_object();
        const auto merchant = test::text(body.at("merchant"));
        std::string entries;
        for (const auto& ref : body.at("orderRefs").as_array())
            entries += std::string{entries.empty() ? "" : ","} + R"({"orderRef":")" +
                       test::text(ref) + R"(","transactionId":)" + test::text(ref).substr(2) +
                       R"(,"status":"INIT"})";
        return signed_by(
            merchant.substr(merchant.size() - 3),
            R"({"merchant":")" + merchant + R"(","transactions":[)" + entries + "]}"
        );
    }};
    std::vector<Transaction> attempts;
    for (int id = 1; id <= 60; ++id)
        attempts.push_back(attempt_for("FULL-FEE-EUR-SIMPLE", "220", "PUBLICTESTEUR", id));
    attempts.push_back(attempt_for("FULL-FEE-HUF-SIMPLE", "88000", "PUBLICTESTHUF", 7000));
    attempts.push_back(attempt_for("FULL-FEE-USD-SIMPLE", "220", "NOLONGEROURS", 7001));

    auto simplepay = gateway(server.url());
    const auto said = test::await_on(loop, simplepay.query(attempts));
    ASSERT_EQ(said.size(), 62U);
    for (std::size_t i = 0; i < 61; ++i) {
        EXPECT_EQ(said[i].transaction_id, attempts[i].id);
        EXPECT_TRUE(said[i].is_cancellable);
        EXPECT_EQ(said[i].facts.at(0).provider_id, std::to_string(attempts[i].id));
    }
    EXPECT_EQ(said[61].transaction_id, 7001);
    EXPECT_FALSE(said[61].answered);
    EXPECT_EQ(server.heard().size(), 3U);
}

TEST_F(SimplePayExchange, a_cancelled_payment_is_closed) {
    ScriptedServer server{[](const HeardRequest&) {
        return signed_by(
            "EUR", R"({"merchant":"PUBLICTESTEUR","orderRef":"TR42","transactionId":5,)"
                   R"("status":"CANCELLED","salt":"s"})"
        );
    }};
    auto simplepay = gateway(server.url());
    const auto said = test::await_on(loop, simplepay.cancel(attempt));
    EXPECT_TRUE(said.answered);
    EXPECT_TRUE(fact_in(said.facts, FactKind::cancelled));
    EXPECT_EQ(server.heard().at(0).target, "/payment/v2/transactioncancel");
    EXPECT_EQ(simplepay.account(Currency::of("EUR").value()), "PUBLICTESTEUR");
    EXPECT_EQ(simplepay.account(Currency::of("USD").value()), "");
}

// ------------------------------------------------------------------------- Stripe

class StripeExchange : public Exchange {
protected:
    Stripe gateway(const std::string& url) {
        StripeSettings settings;
        settings.url = url;
        settings.secret_key = "sk_test_123";
        settings.timeout = milliseconds{4000};
        return {client, clock, settings};
    }
    StartResult start(const std::string& url) {
        auto stripe = gateway(url);
        return test::await_on(loop, stripe.start(attempt, visitor()));
    }
    QueryResult ask(const std::string& url) {
        auto stripe = gateway(url);
        return test::await_on(loop, stripe.query({attempt})).at(0);
    }
    static std::string intent(const std::string& status, const std::string& more = "") {
        return R"({"id":"pi_1","object":"payment_intent","amount":22050,"amount_received":22050,)"
               R"("currency":"eur","livemode":false,"client_secret":"pi_1_secret_x",)"
               R"("metadata":{"transaction_id":"42","reference":"TR42",)"
               R"("attempt":"pi-create-TR42-1772442900123"},)" +
               more + R"("status":")" + status + "\"}";
    }
    static std::string error(const std::string& type, const std::string& code) {
        return R"({"error":{"type":")" + type + R"(","code":")" + code + R"("}})";
    }
    void TearDown() override {
        const std::lock_guard lock{mutex};
        for (const auto& request : requests)
            EXPECT_EQ(
                test::stripe_faults(request.method, request.target, request.body),
                std::vector<std::string>{}
            );
    }
    // Keeps what was heard, to hold it against Stripe's own types at the end.
    Scripted note(const HeardRequest& request, Scripted answer) {
        const std::lock_guard lock{mutex};
        requests.push_back(request);
        return answer;
    }

    Transaction attempt = attempt_for("FULL-FEE-EUR-STRIPE-INTENTS", "220.5", "test");
    std::mutex mutex;
    std::vector<HeardRequest> requests;
};

TEST_F(StripeExchange, a_creation_hands_over_the_client_secret) {
    ScriptedServer server{[&](const HeardRequest& r) {
        return note(r, answered(200, intent("requires_payment_method")));
    }};
    const auto started = start(server.url());
    EXPECT_EQ(started.outcome, Kind::accepted);
    EXPECT_EQ(started.client_secret, "pi_1_secret_x");
    const auto heard = server.heard().at(0);
    EXPECT_EQ(heard.target, "/v1/payment_intents");
    EXPECT_EQ(heard.header("authorization"), "Bearer sk_test_123");
    EXPECT_EQ(heard.header("stripe-version"), "2026-10-28.endive");
    EXPECT_EQ(heard.header("idempotency-key"), "pi-create-TR42-1772442900123");
    EXPECT_EQ(heard.header("content-type"), "application/x-www-form-urlencoded");
}

TEST_F(StripeExchange, a_lost_answer_is_asked_for_with_the_same_key_and_bytes) {
    std::atomic<int> calls{0};
    ScriptedServer server{[&](const HeardRequest& r) {
        return note(
            r, ++calls == 1 ? test::closed() : answered(200, intent("requires_payment_method"))
        );
    }};
    EXPECT_EQ(start(server.url()).outcome, Kind::accepted);
    const auto heard = server.heard();
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[0].body, heard[1].body);
    EXPECT_EQ(heard[0].header("idempotency-key"), heard[1].header("idempotency-key"));
}

TEST_F(
    StripeExchange, that_our_key_is_refused_after_a_lost_answer_says_nothing_of_the_earlier_try
) {
    for (const int status : {401, 403, 404}) {
        std::atomic<int> calls{0};
        ScriptedServer server{[&](const HeardRequest& r) {
            const auto no = answered(status, error("invalid_request_error", ""));
            return note(r, ++calls == 1 ? test::closed() : no);
        }};
        const auto started = start(server.url());
        EXPECT_EQ(started.outcome, Kind::unanswered) << status;
        EXPECT_TRUE(fact_in(started.facts, FactKind::unanswered));
        EXPECT_GE(server.heard().size(), 2U);
    }
}

TEST_F(StripeExchange, that_our_key_is_refused_at_once_is_a_refusal) {
    ScriptedServer server{[&](const HeardRequest& r) {
        return note(r, answered(401, error("invalid_request_error", "")));
    }};
    EXPECT_EQ(start(server.url()).outcome, Kind::refused);
    EXPECT_EQ(server.heard().size(), 1U);
}

// The attempt is on record, so somebody may have created it before the key was taken away.
TEST_F(StripeExchange, that_our_key_is_refused_when_asked_again_leaves_a_creation_open) {
    std::atomic<int> status{401};
    ScriptedServer server{[&](const HeardRequest& r) {
        const bool may_search = status == 403 && r.method == "GET";
        if (!may_search) return note(r, answered(status, error("invalid_request_error", "")));
        if (!r.target.starts_with("/v1/payment_intents/search"))
            return note(r, answered(200, intent("succeeded")));
        return note(r, answered(200, R"({"data":[)" + intent("succeeded") + "]}"));
    }};
    const auto silence = ask(server.url());
    EXPECT_FALSE(silence.answered);
    EXPECT_TRUE(silence.facts.empty());
    status = 403;
    EXPECT_TRUE(fact_in(ask(server.url()).facts, FactKind::captured));
}

TEST_F(StripeExchange, trouble_is_tried_three_times_and_then_unknown) {
    ScriptedServer server{
        [&](const HeardRequest& r) { return note(r, answered(503, error("api_error", ""))); }};
    EXPECT_EQ(start(server.url()).outcome, Kind::unanswered);
    EXPECT_EQ(server.heard().size(), 3U);
}

TEST_F(StripeExchange, a_refusal_is_not_tried_again) {
    ScriptedServer server{[&](const HeardRequest& r) {
        return note(r, answered(400, error("invalid_request_error", "amount_too_small")));
    }};
    const auto started = start(server.url());
    EXPECT_EQ(started.outcome, Kind::refused);
    EXPECT_EQ(started.facts.at(0).subject, "amount_too_small");
    EXPECT_EQ(server.heard().size(), 1U);
}

TEST_F(StripeExchange, nobody_there_is_a_failure_since_nothing_was_sent) {
    EXPECT_EQ(start(test::deserted_url()).outcome, Kind::unreachable);
}

TEST_F(StripeExchange, a_known_payment_is_read_with_its_refunds) {
    attempt.provider_id = "pi_1";
    ScriptedServer server{[&](const HeardRequest& r) {
        if (r.target.starts_with("/v1/refunds"))
            return note(
                r, answered(
                       200, R"({"object":"list","data":[{"id":"re_1","amount":100,)"
                            R"("currency":"eur","status":"succeeded"}]})"
                   )
            );
        return note(
            r, answered(200, intent("succeeded", R"("latest_charge":{"amount_refunded":100},)"))
        );
    }};
    const auto said = ask(server.url());
    EXPECT_TRUE(said.answered);
    EXPECT_EQ(fact_in(said.facts, FactKind::captured)->amount, attempt.amount);
    EXPECT_EQ(fact_in(said.facts, FactKind::refunded)->subject, "re_1");
    EXPECT_EQ(server.heard().at(1).target, "/v1/refunds?payment_intent=pi_1&limit=100");
}

TEST_F(StripeExchange, an_unanswered_creation_is_resolved_by_the_same_key_while_it_lives) {
    ScriptedServer server{[&](const HeardRequest& r) {
        const bool creation = r.method == "POST";
        return note(r, answered(200, intent(creation ? "requires_payment_method" : "succeeded")));
    }};
    const auto said = ask(server.url());
    EXPECT_TRUE(fact_in(said.facts, FactKind::captured));
    EXPECT_EQ(server.heard().at(0).header("idempotency-key"), "pi-create-TR42-1772442900123");
    EXPECT_EQ(server.heard().at(1).method, "GET");
}

TEST_F(StripeExchange, one_that_is_over_is_searched_for_and_never_made_by_asking) {
    attempt.status = Status::failed;
    ScriptedServer server{[&](const HeardRequest& r) {
        return note(r, answered(200, R"({"object":"search_result","data":[]})"));
    }};
    EXPECT_TRUE(ask(server.url()).is_unknown);
    for (const auto& request : server.heard()) EXPECT_EQ(request.method, "GET");
}

TEST_F(StripeExchange, an_old_one_is_searched_for_and_may_turn_out_never_to_have_been) {
    clock.time = attempt.created_at + std::chrono::hours{23};
    std::atomic<bool> known{false};
    ScriptedServer server{[&](const HeardRequest& r) {
        if (!r.target.starts_with("/v1/payment_intents/search"))
            return note(r, answered(200, intent("canceled")));
        const auto found = known ? intent("canceled") : std::string{};
        return note(r, answered(200, R"({"object":"search_result","data":[)" + found + "]}"));
    }};
    EXPECT_TRUE(ask(server.url()).is_unknown);
    known = true;
    EXPECT_TRUE(fact_in(ask(server.url()).facts, FactKind::cancelled));
    for (const auto& request : server.heard()) EXPECT_EQ(request.method, "GET");
}

// Stripe keeps a 500 for a key like any other answer.
TEST_F(StripeExchange, one_whose_key_repeats_an_error_is_searched_for) {
    std::atomic<bool> known{false};
    ScriptedServer server{[&](const HeardRequest& r) {
        if (r.method == "POST") return note(r, answered(500, R"({"error":{"type":"api_error"}})"));
        if (!r.target.starts_with("/v1/payment_intents/search"))
            return note(r, answered(200, intent("succeeded")));
        const auto found = known ? intent("succeeded") : std::string{};
        return note(r, answered(200, R"({"object":"search_result","data":[)" + found + "]}"));
    }};
    EXPECT_TRUE(ask(server.url()).is_unknown);
    known = true;
    EXPECT_TRUE(fact_in(ask(server.url()).facts, FactKind::captured));
}

TEST_F(StripeExchange, many_are_asked_about_side_by_side_and_answered_in_order) {
    ScriptedServer server{[](const HeardRequest& r) {
        const auto from = r.target.find("pi_");
        const auto id = r.target.substr(from, r.target.find('?') - from);
        auto body = intent("processing");
        body.replace(body.find("pi_1"), 4, id);
        auto answer = answered(200, body);
        answer.delay_ms = 20;
        return answer;
    }};
    std::vector<Transaction> attempts;
    for (int id = 1; id <= 20; ++id) {
        attempts.push_back(attempt_for("FULL-FEE-EUR-STRIPE-INTENTS", "220.5", "test", id));
        attempts.back().provider_id = "pi_" + std::to_string(1000 + id);
    }
    attempts[4].account = "live";
    auto stripe = gateway(server.url());
    const auto said = test::await_on(loop, stripe.query(attempts));
    ASSERT_EQ(said.size(), 20U);
    for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_EQ(said[i].transaction_id, attempts[i].id);
        EXPECT_EQ(said[i].answered, i != 4);
        const auto id = said[i].facts.empty() ? "" : said[i].facts[0].provider_id;
        EXPECT_EQ(id, i == 4 ? "" : attempts[i].provider_id);
    }
    EXPECT_LE(server.connections(), 8);
}

TEST_F(StripeExchange, a_page_of_events_that_is_too_large_is_asked_for_in_parts) {
    const auto event = [](const std::string& id, std::size_t bytes) {
        return R"({"id":")" + id + R"(","object":"event","livemode":false,"data":{"object":)" +
               intent("succeeded", R"("description":")" + std::string(bytes, 'x') + "\",") + "}}";
    };
    ScriptedServer server{[&](const HeardRequest& r) {
        const bool whole = r.target.find("limit=50") != r.target.npos;
        const bool fits = r.target.find("limit=1&") != r.target.npos;
        const auto data = event("evt_2", 600'000) + (fits ? "" : "," + event("evt_1", 600'000));
        EXPECT_TRUE(whole || fits || r.target.find("limit=10&") != r.target.npos) << r.target;
        return answered(200, R"({"object":"list","has_more":true,"data":[)" + data + "]}");
    }};
    auto stripe = gateway(server.url());
    const auto page =
        test::await_on(loop, stripe.list(ProviderEventQuery{attempt.created_at, true}, ""));
    EXPECT_TRUE(page.answered);
    EXPECT_TRUE(page.has_more);
    EXPECT_EQ(page.last_id, "evt_2");
    ASSERT_EQ(page.events.size(), 1U);
    EXPECT_EQ(page.events[0].heard.message->body, "");
    EXPECT_EQ(server.heard().size(), 3U) << "what is too large is not asked for again";
}

TEST_F(StripeExchange, cancelling_one_that_was_paid_meanwhile_tells_that_it_was_paid) {
    attempt.provider_id = "pi_1";
    ScriptedServer server{[&](const HeardRequest& r) {
        if (r.method == "GET") return note(r, answered(200, intent("succeeded")));
        return note(
            r, answered(400, error("invalid_request_error", "payment_intent_unexpected_state"))
        );
    }};
    auto stripe = gateway(server.url());
    const auto said = test::await_on(loop, stripe.cancel(attempt));
    EXPECT_TRUE(fact_in(said.facts, FactKind::captured));
    EXPECT_EQ(server.heard().at(0).target, "/v1/payment_intents/pi_1/cancel");
    EXPECT_NE(server.heard().at(0).header("idempotency-key"), "");
}

}  // namespace
}  // namespace payments::gateway
