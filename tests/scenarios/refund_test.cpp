// Money is given back: at a person's request, or by itself when a fee was paid twice.
#include "fixtures/scenario.hpp"
#include "flow/checks/reconcile.hpp"

namespace payments {

using namespace testing_support;

class RefundScenario : public Scenario {
protected:
    Headers staff(const std::string& flags = "HU") {
        return as_user(in_scope("payments_refund", flags));
    }

    std::int64_t paid(const std::string& code = stripes, std::int64_t ticket_id = 42) {
        const auto id = started(code, ticket_id);
        auto& gateway = code == stripes ? stripe : simplepay;
        gateway.on_ask = [this](const Transaction& attempt) { return list_of(attempt); };
        ipn_or_webhook(id, code);
        EXPECT_EQ(status(id), "paid");
        return id;
    }
    void ipn_or_webhook(std::int64_t id, const std::string& code) {
        const auto answer =
            code == stripes ? webhook(id, {capture_of(id)}) : ipn(id, {capture_of(id)});
        EXPECT_EQ(answer.status, 200);
    }
    // What the provider says when asked: captured, and the refunds it knows of.
    QueryResult list_of(const Transaction& attempt) {
        auto word = said({word_of(attempt, FactKind::captured)});
        word.facts.front().amount = attempt.amount;
        for (auto fact : listed) {
            fact.provider_id = attempt.provider_id;
            word.facts.push_back(std::move(fact));
        }
        return word;
    }
    Fact listed_refund(std::string id, std::int64_t minor) {
        Fact fact;
        fact.kind = FactKind::refunded;
        fact.subject = std::move(id);
        fact.amount = eur(minor);
        return fact;
    }
    static RefundResult unanswered(const Transaction&, const Refund& refund) {
        RefundResult nothing;
        Fact fact;
        fact.kind = FactKind::refund_unanswered;
        fact.refund = refund.reference;
        nothing.facts.push_back(std::move(fact));
        nothing.reason = "the provider did not answer";
        return nothing;
    }
    static RefundResult refused(const Transaction&, const Refund& refund) {
        RefundResult no;
        no.outcome = Outcome::refused;
        Fact fact;
        fact.kind = FactKind::refund_refused;
        fact.refund = refund.reference;
        no.facts.push_back(std::move(fact));
        no.reason = "the provider refused it";
        return no;
    }
    Answer refund(std::int64_t id, const std::string& more = "", const std::string& key = "") {
        auto headers = staff();
        if (!key.empty()) headers.emplace_back("idempotency-key", key);
        return post(
            "/payments/refunds", R"({"transaction_id":)" + std::to_string(id) + more + "}",
            std::move(headers)
        );
    }

    std::vector<Fact> listed;  // refunds that the provider lists
};

// --------------------------------------------------------------------------- at one's request

TEST_F(RefundScenario, gives_everything_back_and_says_so) {
    const auto id = paid();
    const auto answer = refund(id, R"(,"reason":"ill")");

    EXPECT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(answer.string("refund_id"), "TR1-R1");
    EXPECT_EQ(answer.string("status"), "refunded");
    EXPECT_EQ(answer.string("currency"), "EUR");
    EXPECT_EQ(answer.number("amount"), 220);
    EXPECT_EQ(answer.number("amount_refunded"), 220);
    EXPECT_FALSE(answer.string("provider_refund_id").empty());
    EXPECT_EQ(outbox(), (std::vector<std::string>{"payment.paid", "payment.refunded"}));
    const auto asked = read(id).entries.at(2);
    EXPECT_EQ(asked.fact.detail, "by anna: ill");
    EXPECT_EQ(asked.source, Source::staff);
}

TEST_F(RefundScenario, in_parts_gives_back_no_more_than_there_is) {
    const auto id = paid(simple);
    EXPECT_EQ(refund(id, R"(,"amount":50.5)").string("status"), "partially_refunded");
    EXPECT_EQ(refund(id, R"(,"amount":169.51)").problem(), "refund-too-large");
    EXPECT_EQ(refund(id, R"(,"amount":169.5)").string("refund_id"), "TR1-R2");
    EXPECT_EQ(status(id), "refunded");
    EXPECT_EQ(refund(id).problem(), "not-refundable");
    EXPECT_EQ(simplepay.refunds.size(), 2u);
}

TEST_F(RefundScenario, needs_a_user_with_the_privilege) {
    const auto id = paid();
    const auto body = R"({"transaction_id":)" + std::to_string(id) + "}";
    EXPECT_EQ(post("/payments/refunds", body).status, 401);
    EXPECT_EQ(post("/payments/refunds", body, as_service()).status, 401);
    const Headers reader = as_user({{"payments_search", "true"}});
    EXPECT_EQ(post("/payments/refunds", body, reader).status, 403);
    EXPECT_TRUE(stripe.refunds.empty());
}

TEST_F(RefundScenario, of_a_ticket_outside_the_callers_scope_is_of_nothing_he_knows) {
    const auto id = paid();
    const auto body = R"({"transaction_id":)" + std::to_string(id) + "}";
    const auto none = R"({"transaction_id":99})";
    const auto ask = [&](const std::string& text, Headers who) {
        return post("/payments/refunds", text, std::move(who));
    };
    const auto outside = ask(body, staff("INT"));
    EXPECT_EQ(outside.problem(), "unknown-transaction");
    EXPECT_EQ(outside.string("detail"), "there is no transaction " + std::to_string(id));
    EXPECT_EQ(ask(none, staff()).problem(), outside.problem());
    const Headers without_scope = as_user({{"payments_refund", "true"}});
    EXPECT_EQ(ask(body, without_scope).problem(), "unknown-transaction");
    tickets.tickets.erase(42);
    EXPECT_EQ(ask(body, staff()).problem(), "unknown-transaction");
    tickets.failure = Error{Errc::tickets_unavailable};
    EXPECT_EQ(ask(body, staff()).problem(), "tickets-unavailable");
    EXPECT_TRUE(stripe.refunds.empty());
    EXPECT_EQ(story(id), "accepted captured");
}

TEST_F(RefundScenario, given_to_one_is_not_told_to_another_who_knows_the_key) {
    const auto id = paid();
    EXPECT_EQ(refund(id, "", "k1").status, 200);
    auto other = staff("INT");
    other.emplace_back("idempotency-key", "k1");
    const auto body = R"({"transaction_id":)" + std::to_string(id) + "}";
    EXPECT_EQ(post("/payments/refunds", body, other).problem(), "unknown-transaction");
    EXPECT_EQ(refund(id, "", "k1").header("Idempotent-Replayed"), "true");
}

TEST_F(RefundScenario, names_every_member_that_is_wrong) {
    const auto wrong =
        post("/payments/refunds", R"({"amount":"50","reason":7,"transaction_id":0})", staff());
    EXPECT_EQ(wrong.status, 400);
    EXPECT_EQ(wrong.at("errors").as_array().size(), 3u);
    const auto id = paid();
    for (const auto* amount : {"0", "-1", "1.001", "1e400"})
        EXPECT_EQ(refund(id, std::string{R"(,"amount":)"} + amount).status, 400) << amount;
    EXPECT_EQ(refund(99).problem(), "unknown-transaction");
    EXPECT_TRUE(stripe.refunds.empty());
}

TEST_F(RefundScenario, is_not_possible_before_a_payment_or_in_a_dispute) {
    const auto id = started(stripes);
    EXPECT_EQ(refund(id).problem(), "not-refundable");
    webhook(id, {capture_of(id), word(id, FactKind::disputed, "dp_1")});
    EXPECT_EQ(refund(id).problem(), "not-refundable");
    EXPECT_TRUE(stripe.refunds.empty());
}

TEST_F(RefundScenario, counts_what_was_refunded_by_hand_at_the_provider) {
    const auto id = paid();
    listed = {listed_refund("re_by_hand", 20000)};
    EXPECT_EQ(refund(id, R"(,"amount":20.01)").problem(), "refund-too-large");
    EXPECT_EQ(read(id).refunded_minor, 20000);
    EXPECT_EQ(refund(id).number("amount"), 20);
}

TEST_F(RefundScenario, asks_for_nothing_when_the_provider_is_silent_beforehand) {
    const auto id = paid();
    stripe.on_ask = [](const Transaction&) { return silence(); };
    EXPECT_EQ(refund(id).problem(), "provider-timeout");
    EXPECT_TRUE(stripe.refunds.empty());
    EXPECT_EQ(story(id), "accepted captured");
}

TEST_F(RefundScenario, that_is_refused_can_be_asked_for_again) {
    const auto id = paid();
    const auto otherwise = stripe.on_refund;
    stripe.on_refund = refused;
    EXPECT_EQ(refund(id, "", "k1").problem(), "provider-refused");
    EXPECT_EQ(status(id), "paid");
    stripe.on_refund = otherwise;
    EXPECT_EQ(refund(id, "", "k1").string("refund_id"), "TR1-R2");
}

TEST_F(RefundScenario, under_one_key_is_made_once) {
    const auto id = paid();
    const auto first = refund(id, R"(,"amount":50)", "k1");
    const auto again = refund(id, R"(,"amount":50)", "k1");
    EXPECT_EQ(again.text, first.text);
    EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(refund(id, R"(,"amount":60)", "k1").problem(), "key-reused");
    wait(25h);
    await(database->forget_keys(clock.time - 24h));
    EXPECT_EQ(refund(id, R"(,"amount":50)", "k1").string("refund_id"), "TR1-R1");
    EXPECT_EQ(stripe.refunds.size(), 1u);
}

TEST_F(RefundScenario, changes_its_mind_about_nothing_when_the_record_fails_after_the_call) {
    const auto id = paid();
    stripe.on_refund = [this, otherwise = stripe.on_refund](auto& attempt, auto& refund) {
        if (stripe.refunds.size() == 1) store.lose("record");
        return otherwise(attempt, refund);
    };
    EXPECT_EQ(refund(id, "", "k1").status, 503);
    store.restore();
    EXPECT_EQ(story(id), "accepted captured refund_requested");
    wait(1min);
    EXPECT_EQ(status(id), "refunded");
    EXPECT_EQ(refund(id, "", "k1").string("refund_id"), "TR1-R1");
}

// ------------------------------------------------------------------------- an unknown outcome

TEST_F(RefundScenario, without_an_answer_keeps_the_money_reserved) {
    const auto id = paid(simple);
    simplepay.on_refund = unanswered;
    const auto answer = refund(id);
    EXPECT_EQ(answer.status, 504);
    EXPECT_EQ(answer.number("transaction_id"), id);
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(refund(id).problem(), "not-refundable");
    EXPECT_EQ(refund(id, R"(,"amount":1)").problem(), "not-refundable");
}

TEST_F(RefundScenario, without_an_answer_is_found_in_simplepays_list) {
    const auto id = paid(simple);
    simplepay.on_refund = unanswered;
    refund(id, R"(,"amount":50)");
    listed = {listed_refund("900001", 5000)};
    wait(10s);
    EXPECT_EQ(status(id), "partially_refunded");
    EXPECT_EQ(simplepay.refunds.size(), 1u);
    EXPECT_EQ(story(id), "accepted captured refund_requested refund_unanswered refunded refunded");
    EXPECT_FALSE(await(database->next_due()));
}

TEST_F(RefundScenario, that_simplepay_does_not_know_for_15_minutes_was_not_made) {
    const auto id = paid(simple);
    const auto otherwise = simplepay.on_refund;
    simplepay.on_refund = unanswered;
    refund(id, "", "k1");
    wait(14min);
    EXPECT_EQ(refund(id).problem(), "not-refundable");
    wait(20min);
    EXPECT_EQ(simplepay.refunds.size(), 1u);
    simplepay.on_refund = otherwise;
    EXPECT_EQ(refund(id, "", "k1").string("refund_id"), "TR1-R2");
    EXPECT_EQ(status(id), "refunded");
}

TEST_F(RefundScenario, without_an_answer_is_repeated_under_its_name_at_stripe) {
    const auto id = paid(stripes);
    const auto otherwise = stripe.on_refund;
    stripe.on_refund = unanswered;
    EXPECT_EQ(refund(id).status, 504);
    stripe.on_refund = otherwise;
    wait(10s);
    EXPECT_EQ(status(id), "refunded");
    ASSERT_EQ(stripe.refunds.size(), 2u);
    EXPECT_EQ(stripe.refunds[0].reference, stripe.refunds[1].reference);
    EXPECT_EQ(stripe.refunds[0].amount, stripe.refunds[1].amount);
}

// The last repetition may be on its way while the list does not show it yet: its amount must not be
// free, or it would be given back twice.
TEST_F(RefundScenario, that_stripe_has_not_listed_is_reserved_while_its_order_is_repeated) {
    const auto id = paid(stripes);
    const auto otherwise = stripe.on_refund;
    stripe.on_refund = unanswered;
    EXPECT_EQ(refund(id, "", "k1").status, 504);
    wait(22h);
    EXPECT_GT(stripe.refunds.size(), 2u);
    for (const auto& repeated : stripe.refunds) EXPECT_EQ(repeated.reference, "TR1-R1");
    EXPECT_EQ(refund(id).problem(), "not-refundable");
    webhook(id, {refunded("re_1", 22000, "TR1-R1")});
    EXPECT_EQ(status(id), "refunded");
    wait(24h);
    EXPECT_EQ(refund(id).problem(), "not-refundable");
    EXPECT_EQ(story(id).find("refund_refused"), std::string::npos) << story(id);
}

TEST_F(RefundScenario, that_stripe_never_lists_is_free_when_its_order_is_repeated_no_more) {
    const auto id = paid(stripes);
    const auto otherwise = stripe.on_refund;
    stripe.on_refund = unanswered;
    EXPECT_EQ(refund(id, "", "k1").status, 504);
    wait(23h);
    EXPECT_EQ(refund(id).problem(), "not-refundable");
    const auto repeated = stripe.refunds.size();
    wait(25h);
    EXPECT_EQ(stripe.refunds.size(), repeated);
    stripe.on_refund = otherwise;
    EXPECT_EQ(refund(id, "", "k1").string("refund_id"), "TR1-R2");
    EXPECT_EQ(status(id), "refunded");
}

TEST_F(RefundScenario, that_is_being_repeated_is_repeated_by_nobody_else_meanwhile) {
    const auto id = paid(stripes);
    stripe.on_refund = unanswered;
    EXPECT_EQ(refund(id).status, 504);
    stripe.refund_gate.close();
    pass(2s);
    bool ended = false;
    boost::asio::co_spawn(loop, reconcile_due(world), [&](std::exception_ptr, std::size_t) {
        ended = true;
    });
    until([&] { return stripe.refund_gate.waiting() == 1; });
    pass(15s - 1ms);
    EXPECT_EQ(reconcile(), 0u);
    stripe.refund_gate.open();
    until([&] { return ended; });
}

TEST_F(RefundScenario, that_died_before_it_was_asked_for_is_brought_to_an_end) {
    const auto id = paid(stripes);
    RefundDetails details{{}, "", "anna"};
    await(database->reserve_refund({id, details, Source::staff, clock.time, clock.time + 15s}));
    wait(14s);
    EXPECT_TRUE(stripe.refunds.empty());
    wait(2s);
    EXPECT_EQ(status(id), "refunded");
}

TEST_F(RefundScenario, whose_call_may_still_run_is_left_alone) {
    const auto id = paid(simple);
    simplepay.refund_gate.close();
    const auto running = begin_post(
        "/payments/refunds", R"({"transaction_id":)" + std::to_string(id) + "}", staff()
    );
    until([&] { return simplepay.refunds.size() == 1; });
    ipn(id, {});
    pass(1s);
    reconcile();
    EXPECT_EQ(story(id), "accepted captured refund_requested");
    simplepay.refund_gate.open();
    EXPECT_EQ(end(running).string("status"), "refunded");
}

TEST_F(RefundScenario, that_came_back_from_the_bank_shows_as_paid_again) {
    const auto id = paid();
    const auto made = refund(id).string("provider_refund_id");
    webhook(id, {word(id, FactKind::refund_failed, made)});
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(refund(id).string("refund_id"), "TR1-R2");
}

// --------------------------------------------------------------------- the fee was paid twice

class DuplicateScenario : public RefundScenario {
protected:
    // A visitor pays by SimplePay although the attempt had been given up, and by Stripe too.
    std::pair<std::int64_t, std::int64_t> paid_twice() {
        const auto first = started(simple);
        ipn(first, {word(first, FactKind::cancelled)});
        const auto second = started(stripes);
        simplepay.on_ask =
            stripe.on_ask = [this](const Transaction& attempt) { return list_of(attempt); };
        webhook(second, {capture_of(second)});
        ipn(first, {capture_of(first)});
        return {first, second};
    }
};

TEST_F(DuplicateScenario, is_left_to_a_person_unless_the_rules_say_otherwise) {
    const auto [late, good] = paid_twice();
    wait(24h);
    EXPECT_EQ(status(late), "review");
    EXPECT_EQ(status(good), "paid");
    EXPECT_TRUE(simplepay.refunds.empty());
    EXPECT_EQ(refund(late).string("status"), "refunded");
}

TEST_F(DuplicateScenario, is_given_back_by_itself_where_the_rules_say_so) {
    rules.refund_duplicates = true;
    const auto [late, good] = paid_twice();
    wait(2min);
    EXPECT_EQ(status(late), "refunded");
    EXPECT_EQ(status(good), "paid");
    ASSERT_EQ(simplepay.refunds.size(), 1u);
    EXPECT_EQ(simplepay.refunds[0].amount, eur(22000));
    EXPECT_TRUE(stripe.refunds.empty());
}

TEST_F(DuplicateScenario, is_left_to_a_person_after_three_refusals) {
    rules.refund_duplicates = true;
    simplepay.on_refund = refused;
    const auto [late, good] = paid_twice();
    wait(24h);
    EXPECT_EQ(simplepay.refunds.size(), 3u);
    EXPECT_EQ(status(late), "review");
}

TEST_F(DuplicateScenario, is_the_payment_once_the_other_was_given_back) {
    const auto [late, good] = paid_twice();
    EXPECT_EQ(refund(good).string("status"), "refunded");

    EXPECT_EQ(status(late), "paid");
    EXPECT_EQ(
        outbox(),
        (std::vector<std::string>{
            "payment.failed", "payment.paid", "payment.review", "payment.refunded", "payment.paid"})
    );
    EXPECT_EQ(entered.back(), Status::paid);
    EXPECT_EQ(await(store.reviews({clock.time, 10, {}})).total(), 0);
    EXPECT_EQ(start(simple).problem(), "already-paid");
    EXPECT_EQ(refund(late).string("status"), "refunded");
    EXPECT_EQ(start(simple).status, 200);
}

TEST_F(DuplicateScenario, is_never_given_back_by_itself_as_the_last_payment) {
    rules.refund_duplicates = true;
    const auto otherwise = simplepay.on_refund;
    simplepay.on_refund = refused;
    const auto [late, good] = paid_twice();
    wait(10s);
    ASSERT_EQ(simplepay.refunds.size(), 1u);
    simplepay.on_refund = otherwise;
    EXPECT_EQ(refund(good).string("status"), "refunded");
    ipn(late, {claim_of(late)});
    wait(24h);
    EXPECT_EQ(simplepay.refunds.size(), 1u);
    EXPECT_EQ(status(late), "paid");
}

TEST_F(DuplicateScenario, is_kept_while_the_other_one_is_being_given_back) {
    rules.refund_duplicates = true;
    const auto [late, good] = paid_twice();
    stripe.refund_gate.close();
    const auto running = begin_post(
        "/payments/refunds", R"({"transaction_id":)" + std::to_string(good) + "}", staff()
    );
    until([&] { return stripe.refunds.size() == 1; });
    reconcile();
    EXPECT_TRUE(simplepay.refunds.empty());
    stripe.refund_gate.open();
    EXPECT_EQ(end(running).string("status"), "refunded");
    wait(24h);
    EXPECT_EQ(status(late), "paid");
    EXPECT_TRUE(simplepay.refunds.empty());
}

TEST_F(DuplicateScenario, none_is_the_payment_after_a_dispute_that_was_lost) {
    rules.refund_duplicates = true;
    const auto lost = paid(stripes);
    webhook(lost, {fact(FactKind::disputed, "dp_1")});
    EXPECT_EQ(start(simple).problem(), "already-paid");
    webhook(lost, {fact(FactKind::dispute_lost, "dp_1")});
    const auto anew = paid(simple);
    wait(24h);
    EXPECT_EQ(status(anew), "paid");
    EXPECT_EQ(status(lost), "disputed");
    EXPECT_TRUE(simplepay.refunds.empty());
}

TEST_F(DuplicateScenario, of_another_amount_is_left_to_a_person) {
    rules.refund_duplicates = true;
    const auto [late, good] = paid_twice();
    auto other = capture_of(late);
    other.amount = eur(21000);
    ipn(late, {other});
    wait(24h);
    EXPECT_TRUE(simplepay.refunds.empty());
    EXPECT_EQ(status(late), "review");
}

}  // namespace payments
