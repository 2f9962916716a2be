// The same start sent twice under one Idempotency-Key.
#include "fixtures/scenario.hpp"
#include "flow/checks/reconcile.hpp"
#include "support/crypto.hpp"

namespace payments {

using namespace testing_support;

class Idempotency : public Scenario {
protected:
    Answer start_under(const std::string& key, const std::string& body) {
        return post("/payments/start", body, {{"idempotency-key", key}});
    }
    Answer start_under(const std::string& key) { return start_under(key, order(simple)); }

    static bool is_replay(const Answer& answer) {
        return answer.header("Idempotent-Replayed") == "true";
    }
};

TEST_F(Idempotency, gives_the_first_answer_again_and_asks_no_provider) {
    const auto first = start_under("key-1");
    const auto again = start_under("key-1");

    EXPECT_EQ(first.status, 200);
    EXPECT_FALSE(is_replay(first));
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.type, "application/json");
    EXPECT_EQ(again.text, first.text);
    EXPECT_TRUE(is_replay(again));
    EXPECT_EQ(simplepay.started.size(), 1u);
    EXPECT_TRUE(simplepay.asked.empty());
}

// The secret lets whoever has it see and pay the visitor's payment.
TEST_F(Idempotency, keeps_no_client_secret_that_can_be_read) {
    const auto first = start_under("key-1", order(stripes));
    const auto secret = first.string("client_secret");
    ASSERT_FALSE(secret.empty());
    const auto body = json::parse(order(stripes)).value();
    auto fingerprint = crypto::hex(crypto::sha256(json::canonical(body)));
    const auto kept =
        await(database->claim_key("startPayment", "key-1", std::move(fingerprint), clock.time));
    EXPECT_EQ(kept.kind, KeyClaim::Kind::answered);
    EXPECT_NE(kept.answer.body.find("client_secret"), std::string::npos) << kept.answer.body;
    EXPECT_EQ(kept.answer.body.find(secret), std::string::npos) << kept.answer.body;

    const auto again = start_under("key-1", order(stripes));
    EXPECT_TRUE(is_replay(again));
    EXPECT_EQ(again.text, first.text);
}

TEST_F(Idempotency, whose_client_secret_cannot_be_opened_any_more_finds_the_payment_that_lives) {
    const auto first = start_under("key-1", order(stripes));
    stores.execute(
        place,
        "UPDATE idempotency_keys SET body = replace(body, '\"client_secret\":\"',"
        " '\"client_secret\":\"AAAA')"
    );
    const auto again = start_under("key-1", order(stripes));
    EXPECT_EQ(again.status, 200) << again.text;
    EXPECT_FALSE(is_replay(again));
    EXPECT_EQ(again.string("client_secret"), first.string("client_secret"));
    EXPECT_EQ(again.number("transaction_id"), first.number("transaction_id"));
    EXPECT_EQ(stripe.started.size(), 1u);
}

TEST_F(Idempotency, looks_through_white_space_order_and_quotes) {
    const auto first = start_under("key-1", R"({"ticket_id":42,"code":"FULL-FEE-EUR-SIMPLE"})");
    const auto again =
        start_under(R"("key-1")", R"({ "code" : "FULL-FEE-EUR-SIMPLE", "ticket_id" : 42 })");
    EXPECT_TRUE(is_replay(again));
    EXPECT_EQ(again.text, first.text);
}

TEST_F(Idempotency, with_another_body_is_422_and_starts_nothing) {
    start_under("key-1");
    for (const auto* other : {
             R"({"ticket_id":42,"code":"FULL-FEE-EUR-STRIPE-INTENTS"})",
             R"({"ticket_id":43,"code":"FULL-FEE-EUR-SIMPLE"})",
             R"({"ticket_id":42,"code":"FULL-FEE-EUR-SIMPLE","metas":{}})",
         }) {
        const auto answer = start_under("key-1", other);
        EXPECT_EQ(answer.status, 422) << other;
        EXPECT_EQ(answer.problem(), "key-reused") << other;
    }
    EXPECT_TRUE(stripe.started.empty());
    EXPECT_EQ(simplepay.started.size(), 1u);
    EXPECT_TRUE(is_replay(start_under("key-1")));
}

TEST_F(Idempotency, while_the_first_still_runs_is_409_and_says_when_to_ask_again) {
    simplepay.start_gate.close();
    const auto first = begin_post("/payments/start", order(simple), {{"idempotency-key", "key-1"}});
    until([&] { return simplepay.start_gate.waiting() == 1; });
    const auto meanwhile = start_under("key-1");

    EXPECT_EQ(meanwhile.status, 409);
    EXPECT_EQ(meanwhile.problem(), "key-in-use");
    EXPECT_EQ(meanwhile.header("Retry-After"), "1");

    simplepay.start_gate.open();
    EXPECT_EQ(end(first).status, 200);
    EXPECT_TRUE(is_replay(start_under("key-1")));
}

TEST_F(Idempotency, keeps_refusals_of_ours_as_they_were) {
    const auto not_offered = start_under("key-1", order("FULL-FEE-USD-SIMPLE"));
    const auto no_ticket = start_under("key-2", order(simple, 7));
    ASSERT_EQ(not_offered.status, 422);
    ASSERT_EQ(no_ticket.status, 404);
    tickets.tickets[7] = tickets.tickets[42];

    const auto again = start_under("key-1", order("FULL-FEE-USD-SIMPLE"));
    EXPECT_EQ(again.status, 422);
    EXPECT_EQ(again.type, "application/problem+json");
    EXPECT_EQ(again.text, not_offered.text);
    EXPECT_TRUE(is_replay(again));
    EXPECT_EQ(start_under("key-2", order(simple, 7)).status, 404);
}

TEST_F(Idempotency, does_not_keep_an_answer_that_says_when_to_try_again) {
    started(simple);
    const auto begun = said({word(1, FactKind::accepted)});
    const auto open = simplepay.on_ask;
    simplepay.on_ask = [&](const Transaction&) { return begun; };
    const auto busy = start_under("key-1");
    ASSERT_EQ(busy.problem(), "payment-in-progress");

    simplepay.on_ask = open;
    const auto again = start_under("key-1");
    EXPECT_EQ(again.status, 200);
    EXPECT_FALSE(is_replay(again));
}

TEST_F(Idempotency, never_keeps_what_went_wrong_at_the_provider_or_here) {
    const auto accepts = simplepay.on_start;
    simplepay.on_start = [](const Transaction&) { return answered(Outcome::refused); };
    EXPECT_EQ(start_under("key-1").status, 502);
    simplepay.on_start = [](const Transaction&) { return answered(Outcome::unreachable); };
    EXPECT_EQ(start_under("key-1").status, 503);
    tickets.failure = Error{Errc::tickets_timeout, "silent"};
    EXPECT_EQ(start_under("key-1").status, 504);
    tickets.failure.reset();
    store.lose("open");
    EXPECT_EQ(start_under("key-1").status, 503);
    store.restore();

    simplepay.on_start = accepts;
    const auto at_last = start_under("key-1");
    EXPECT_EQ(at_last.status, 200);
    EXPECT_FALSE(is_replay(at_last));
    EXPECT_TRUE(is_replay(start_under("key-1")));
}

TEST_F(Idempotency, after_a_lost_answer_never_opens_a_second_payment) {
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    const auto lost = start_under("key-1", order(stripes));
    const auto again = start_under("key-1", order(stripes));

    EXPECT_EQ(lost.status, 504);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.number("transaction_id"), lost.number("transaction_id"));
    EXPECT_EQ(stripe.started.size(), 1u);
}

TEST_F(Idempotency, a_key_that_cannot_be_used_is_400) {
    for (const auto& key :
         {std::string{" "}, std::string{"a b"}, std::string{"\"\""}, std::string{"é"},
          std::string(129, 'k')}) {
        const auto answer = start_under(key);
        EXPECT_EQ(answer.status, 400) << key;
        EXPECT_EQ(answer.problem(), "invalid-request") << key;
    }
    EXPECT_TRUE(attempts().empty());
    EXPECT_EQ(start_under(std::string(128, 'k')).status, 200);
}

TEST_F(Idempotency, an_answer_is_kept_for_a_day_and_then_forgotten) {
    start_under("key-1");
    clock.sleeps_max = 25;  // tidies every hour, for a day and an hour
    EXPECT_THROW(await(keep_tidy(world)), SleptEnough);
    EXPECT_EQ(clock.time, noon + 25h);

    const auto fresh = start_under("key-1");
    EXPECT_FALSE(is_replay(fresh));
    EXPECT_EQ(fresh.status, 200);
}

TEST_F(Idempotency, an_answer_of_a_day_ago_is_still_there) {
    const auto first = start_under("key-1");
    clock.sleeps_max = 24;
    EXPECT_THROW(await(keep_tidy(world)), SleptEnough);
    EXPECT_EQ(clock.time, noon + 24h);
    EXPECT_EQ(start_under("key-1").text, first.text);
}

TEST_F(Idempotency, a_key_whose_first_request_died_is_taken_over_after_a_minute) {
    simplepay.start_gate.close();
    const auto dead = begin_post("/payments/start", order(simple), {{"idempotency-key", "key-1"}});
    until([&] { return simplepay.start_gate.waiting() == 1; });
    pass(60s);
    EXPECT_EQ(start_under("key-1").problem(), "key-in-use");
    pass(1ms);
    // Nobody holds it any more; the attempt itself is found open at SimplePay and closed.
    const auto second =
        begin_post("/payments/start", order(simple), {{"idempotency-key", "key-1"}});
    until([&] { return simplepay.start_gate.waiting() == 2; });
    simplepay.start_gate.open();

    EXPECT_EQ(end(second).number("transaction_id"), 2);
    EXPECT_EQ(simplepay.cancelled, std::vector<std::int64_t>{1});
    EXPECT_EQ(end(dead).status, 200);
    EXPECT_EQ(status(1), "cancelled");
}

}  // namespace payments
