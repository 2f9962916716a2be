// A second start while another attempt for the same fee may still be paid: nobody pays twice.
#include <algorithm>

#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class SecondStart : public Scenario {
protected:
    using Ids = std::vector<std::int64_t>;

    // A first start of which nobody knows what became.
    void start_without_answer(const std::string& code) {
        auto& gateway = code == stripes ? stripe : simplepay;
        const auto otherwise = gateway.on_start;
        gateway.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
        EXPECT_EQ(start(code).status, 504);
        EXPECT_EQ(status(1), "unknown");
        gateway.on_start = otherwise;
    }
    static QueryResult absent() {
        auto none = said({});
        none.is_unknown = true;
        return none;
    }
    void expect_in_progress(const Answer& answer, const std::string& retry_after) {
        EXPECT_EQ(answer.status, 409) << answer.text;
        EXPECT_EQ(answer.problem(), "payment-in-progress");
        EXPECT_EQ(answer.header("Retry-After"), retry_after);
        ASSERT_EQ(attempts().size(), 1u);
        EXPECT_EQ(answer.number("transaction_id"), attempts().front().id);
    }
    void twenty_at_once(const std::string& code, ScriptedGateway& gateway) {
        gateway.start_gate.close();
        std::vector<std::shared_ptr<Running>> all;
        for (int i = 0; i < 20; ++i) all.push_back(begin_start(code));
        until([&] { return std::ranges::count(all, true, &Running::done) == 19; });
        gateway.start_gate.open();

        int won = 0;
        for (const auto& running : all) {
            const auto answer = end(running);
            won += answer.status == 200 ? 1 : 0;
            if (answer.status != 200) expect_in_progress(answer, "2");
        }
        EXPECT_EQ(won, 1);
        EXPECT_EQ(gateway.started.size(), 1u);
        EXPECT_EQ(attempts().size(), 1u);
    }
};

// ------------------------------------------------------------------- the living one is payable

TEST_F(SecondStart, with_the_same_code_hands_out_the_living_stripe_attempt_again) {
    const auto first = start(stripes);
    const auto second = start(stripes);

    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.text, first.text);
    EXPECT_EQ(stripe.started.size(), 1u);
    EXPECT_TRUE(stripe.cancelled.empty());
    EXPECT_EQ(attempts().size(), 1u);
}

TEST_F(SecondStart, with_another_code_closes_the_living_one_at_its_provider_first) {
    started(stripes);
    const auto closes = stripe.on_cancel;
    stripe.on_cancel = [&](const Transaction& attempt) {
        EXPECT_TRUE(simplepay.started.empty());
        return closes(attempt);
    };
    EXPECT_EQ(started(simple), 2);

    EXPECT_EQ(stripe.cancelled, Ids{1});
    EXPECT_EQ(status(1), "cancelled");
    EXPECT_EQ(status(2), "pending");
}

TEST_F(SecondStart, in_another_currency_closes_the_living_one_too) {
    started(stripes);
    EXPECT_EQ(started("FULL-FEE-HUF-STRIPE-INTENTS"), 2);
    EXPECT_EQ(status(1), "cancelled");
    EXPECT_EQ(read(2).amount.currency().code(), "HUF");
}

TEST_F(SecondStart, after_the_price_has_changed_closes_the_living_one_and_asks_for_the_new_price) {
    started(stripes);
    tickets.tickets[42].options[1].amount = "250";

    EXPECT_EQ(started(stripes), 2);
    EXPECT_EQ(stripe.cancelled, Ids{1});
    EXPECT_EQ(read(2).amount, eur(25000));
}

TEST_F(SecondStart, closes_a_simplepay_attempt_that_nobody_has_begun_to_pay) {
    started(simple);
    const auto second = start(simple);

    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.number("transaction_id"), 2);
    EXPECT_EQ(second.string("redirect_url"), "https://pay.example/500002");
    EXPECT_EQ(simplepay.cancelled, Ids{1});
    EXPECT_EQ(status(1), "cancelled");
}

TEST_F(SecondStart, of_another_fee_or_another_ticket_stands_in_nobodys_way) {
    started(simple);
    EXPECT_EQ(started("CAMPING-FEE-EUR-SIMPLE"), 2);
    EXPECT_EQ(started(simple, 43), 3);

    for (const auto id : {1, 2, 3}) EXPECT_EQ(status(id), "pending");
    EXPECT_TRUE(simplepay.cancelled.empty());
}

TEST_F(SecondStart, after_the_deadline_closes_the_living_one_which_has_expired) {
    started(stripes);
    pass(31min + 1ms);

    EXPECT_EQ(started(stripes), 2);
    EXPECT_EQ(stripe.cancelled, Ids{1});
    EXPECT_EQ(status(1), "expired");
}

// --------------------------------------------------------------- the living one cannot be closed

TEST_F(SecondStart, is_409_while_the_visitor_is_at_simplepays_page) {
    started(simple);
    const auto begun = said({word(1, FactKind::accepted)});
    simplepay.on_ask = [&](const Transaction&) { return begun; };

    expect_in_progress(start(simple), "15");
    expect_in_progress(start(stripes), "15");
    EXPECT_TRUE(simplepay.cancelled.empty());
    EXPECT_TRUE(stripe.started.empty());
    EXPECT_EQ(status(1), "pending");
}

TEST_F(SecondStart, is_409_while_the_money_is_blocked) {
    started(simple);
    auto blocked = word(1, FactKind::authorized);
    blocked.amount = eur(22000);
    const auto authorized = said({blocked});
    simplepay.on_ask = [&](const Transaction&) { return authorized; };

    expect_in_progress(start(simple), "15");
    EXPECT_EQ(status(1), "authorized");
}

TEST_F(SecondStart, is_409_when_the_provider_does_not_say_whether_it_closed_the_living_one) {
    started(stripes);
    stripe.on_cancel = [](const Transaction&) { return silence(); };
    expect_in_progress(start(simple), "5");

    stripe.on_cancel = [](const Transaction&) { return said({}); };
    expect_in_progress(start(simple), "5");
    EXPECT_TRUE(simplepay.started.empty());
}

TEST_F(SecondStart, is_409_when_the_provider_is_silent_about_the_living_one) {
    started(stripes);
    stripe.on_ask = [](const Transaction&) { return silence(); };

    expect_in_progress(start(stripes), "5");
    expect_in_progress(start(simple), "5");
    EXPECT_TRUE(stripe.cancelled.empty());
    EXPECT_EQ(status(1), "pending");
}

TEST_F(SecondStart, is_already_paid_when_the_provider_says_so_and_learns_it_on_the_way) {
    started(simple);
    const auto paid = said({capture_of(1)});
    simplepay.on_ask = [&](const Transaction&) { return paid; };
    const auto second = start(stripes);

    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(second.problem(), "already-paid");
    EXPECT_EQ(status(1), "paid");
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.paid"});
}

TEST_F(SecondStart, is_already_paid_when_the_visitor_paid_before_it_could_be_closed) {
    started(stripes);
    const auto paid = said({capture_of(1)});
    stripe.on_cancel = [&](const Transaction&) { return paid; };
    const auto second = start(simple);

    EXPECT_EQ(second.problem(), "already-paid");
    EXPECT_EQ(status(1), "paid");
    EXPECT_TRUE(simplepay.started.empty());
}

// ------------------------------------------------------------------------ the first is unknown

TEST_F(SecondStart, asks_at_once_about_an_attempt_of_which_nobody_knows_what_became) {
    start_without_answer(simple);
    simplepay.on_ask = [](const Transaction&) { return silence(); };

    expect_in_progress(start(simple), "5");
    EXPECT_EQ(simplepay.asked, (std::vector<Ids>{{1}}));
    EXPECT_EQ(status(1), "unknown");
}

TEST_F(SecondStart, hands_out_the_secret_of_the_unknown_stripe_attempt_that_was_found_payable) {
    start_without_answer(stripes);
    const auto second = start(stripes);

    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.number("transaction_id"), 1);
    EXPECT_EQ(second.string("client_secret"), "pi_1_secret");
    EXPECT_EQ(status(1), "pending");
    EXPECT_EQ(read(1).provider_id, "pi_1");
    EXPECT_EQ(stripe.started.size(), 1u);
}

TEST_F(SecondStart, closes_the_unknown_attempt_that_was_found_open_and_starts_a_new_one) {
    start_without_answer(simple);
    EXPECT_EQ(started(simple), 2);

    EXPECT_EQ(simplepay.cancelled, Ids{1});
    EXPECT_EQ(status(1), "cancelled");
    EXPECT_EQ(status(2), "pending");
}

TEST_F(SecondStart, works_when_the_provider_says_that_the_unknown_attempt_has_failed) {
    start_without_answer(stripes);
    const auto failed = said({word(1, FactKind::failed)});
    stripe.on_ask = [&](const Transaction&) { return failed; };

    EXPECT_EQ(started(stripes), 2);
    EXPECT_EQ(status(1), "failed");
}

TEST_F(SecondStart, is_409_for_an_absent_attempt_until_its_call_is_long_over_and_then_works) {
    start_without_answer(simple);
    simplepay.on_ask = [](const Transaction&) { return absent(); };

    expect_in_progress(start(simple), "5");
    pass(15s);  // a call has ended by then
    pass(15s);
    expect_in_progress(start(stripes), "5");
    EXPECT_EQ(status(1), "unknown");

    pass(1ms);
    EXPECT_EQ(started(stripes), 2);
    EXPECT_EQ(status(1), "failed");
}

TEST_F(SecondStart, is_409_for_an_absent_attempt_that_was_handed_out_until_its_deadline) {
    started(simple);
    simplepay.on_ask = [](const Transaction&) { return absent(); };
    pass(30min);
    expect_in_progress(start(simple), "5");
    EXPECT_EQ(status(1), "pending");

    pass(1min + 1ms);  // clocks differ
    EXPECT_EQ(started(simple), 2);
    EXPECT_EQ(status(1), "expired");
}

TEST_F(SecondStart, what_is_begun_after_it_was_given_up_and_paid_all_the_same_is_a_duplicate) {
    start_without_answer(simple);
    simplepay.on_ask = [](const Transaction&) { return absent(); };
    pass(30s + 1ms);
    const auto second = started(stripes);
    webhook(second, {capture_of(second)});
    ipn(1, {capture_of(1)});
    EXPECT_EQ(status(1), "review");
    EXPECT_EQ(status(second), "paid");
}

// The first call was held up: its process thinks that it has hardly begun.
TEST_F(SecondStart, whose_first_call_was_given_up_leaves_it_no_page_to_send_its_visitor_to) {
    simplepay.start_gate.close();
    const auto first = begin_start(simple);
    until([&] { return simplepay.start_gate.waiting() == 1; });
    pass(30s + 1ms);
    const auto knows_it = simplepay.on_ask;
    simplepay.on_ask = [](const Transaction&) { return absent(); };
    EXPECT_EQ(started(stripes), 2);
    EXPECT_EQ(status(1), "failed");

    simplepay.on_ask = knows_it;
    simplepay.start_gate.open();
    const auto late = end(first);
    EXPECT_EQ(late.status, 200) << late.text;
    EXPECT_EQ(late.number("transaction_id"), 3);  // in the place of the second one
    EXPECT_EQ(late.string("redirect_url"), "https://pay.example/500003");
    EXPECT_EQ(status(2), "cancelled");
    EXPECT_EQ(story(1), "failed accepted");

    reconcile();
    EXPECT_EQ(simplepay.cancelled, Ids{1});  // it was begun after all
    EXPECT_EQ(status(1), "failed");
    EXPECT_EQ(status(3), "pending");
}

TEST_F(SecondStart, gives_up_nothing_whose_answer_came_while_simplepay_was_asked) {
    simplepay.start_gate.close();
    const auto first = begin_start(simple);
    until([&] { return simplepay.start_gate.waiting() == 1; });
    pass(30s + 1ms);
    simplepay.on_ask = [](const Transaction&) { return absent(); };
    simplepay.ask_gate.close();
    const auto second = begin_start(stripes);
    until([&] { return simplepay.ask_gate.waiting() == 1; });
    simplepay.start_gate.open();
    EXPECT_EQ(end(first).string("redirect_url"), "https://pay.example/500001");

    simplepay.ask_gate.open();
    expect_in_progress(end(second), "5");
    EXPECT_EQ(status(1), "pending");
}

TEST_F(SecondStart, never_ends_an_unknown_attempt_without_the_providers_word) {
    start_without_answer(simple);
    simplepay.on_ask = [](const Transaction&) { return silence(); };
    for (const auto later : {1h, 24h, 24h * 30}) {
        pass(later);
        expect_in_progress(start(simple), "5");
        reconcile();
    }
    EXPECT_EQ(status(1), "unknown");
}

// --------------------------------------------------------------------------- at the same time

TEST_F(SecondStart, while_the_first_call_is_in_flight_is_409_and_asks_nobody) {
    simplepay.start_gate.close();
    const auto first = begin_start(simple);
    until([&] { return simplepay.start_gate.waiting() == 1; });

    expect_in_progress(start(simple), "2");
    pass(14s);
    expect_in_progress(start(stripes), "2");
    EXPECT_TRUE(simplepay.asked.empty());

    simplepay.start_gate.open();
    EXPECT_EQ(end(first).status, 200);
}

TEST_F(SecondStart, asks_about_a_first_call_that_should_long_have_ended) {
    stripe.start_gate.close();
    const auto first = begin_start(stripes);
    until([&] { return stripe.start_gate.waiting() == 1; });
    pass(15s);
    const auto second = start(stripes);

    EXPECT_EQ(second.status, 200) << second.text;
    EXPECT_EQ(second.number("transaction_id"), 1);
    EXPECT_EQ(stripe.asked, (std::vector<Ids>{{1}}));
    stripe.start_gate.open();
    EXPECT_EQ(end(first).text, second.text);
}

TEST_F(SecondStart, leaves_it_as_it_was_found_when_the_first_call_is_never_sent) {
    stripe.start_gate.close();
    const auto first = begin_start(stripes);
    until([&] { return stripe.start_gate.waiting() == 1; });
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unreachable); };
    pass(15s);
    const auto second = start(stripes);
    EXPECT_EQ(second.string("client_secret"), "pi_1_secret");

    stripe.start_gate.open();
    EXPECT_EQ(end(first).status, 503);
    EXPECT_EQ(status(1), "pending");  // the second visitor may be paying it
}

TEST_F(SecondStart, is_no_end_of_a_first_call_that_is_never_sent_when_others_may_have_sent_theirs) {
    stripe.start_gate.close();
    const auto first = begin_start(stripes);
    until([&] { return stripe.start_gate.waiting() == 1; });
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unreachable); };
    pass(15s + 1ms);
    const auto opens_it = stripe.on_ask;
    stripe.on_ask = [](const Transaction&) { return silence(); };
    expect_in_progress(start(stripes), "5");

    stripe.start_gate.open();
    EXPECT_EQ(end(first).status, 503);
    EXPECT_EQ(status(1), "unknown");
    stripe.on_ask = opens_it;
    EXPECT_EQ(start(stripes).string("client_secret"), "pi_1_secret");
}

TEST_F(SecondStart, of_twenty_at_once_one_reaches_simplepay) { twenty_at_once(simple, simplepay); }

TEST_F(SecondStart, of_twenty_at_once_one_reaches_stripe) { twenty_at_once(stripes, stripe); }

TEST_F(SecondStart, of_many_that_close_the_same_attempt_one_takes_its_place) {
    started(stripes);
    simplepay.start_gate.close();
    stripe.cancel_gate.close();
    std::vector<std::shared_ptr<Running>> all;
    for (int i = 0; i < 5; ++i) all.push_back(begin_start(simple));
    until([&] { return stripe.cancel_gate.waiting() == 5; });
    stripe.cancel_gate.open();
    until([&] { return std::ranges::count(all, true, &Running::done) == 4; });
    simplepay.start_gate.open();

    int won = 0;
    for (const auto& running : all) won += end(running).status == 200 ? 1 : 0;
    EXPECT_EQ(won, 1);
    EXPECT_EQ(simplepay.started.size(), 1u);
    EXPECT_EQ(attempts().size(), 2u);
}

TEST_F(SecondStart, gives_up_when_others_keep_starting) {
    started(stripes);
    // Whenever the living attempt is closed, another visitor of the same ticket is faster.
    int rivals = 0;
    const auto rival = [&] {
        NewAttempt other{42,   code(stripes), eur(22000),   "test",   "eva@example.org",
                         "{}", noon - 1min,   noon + 30min, noon + 1h};
        ++rivals;
        return other;
    };
    stripe.on_cancel = [&](const Transaction& attempt) {
        auto cancelled = word_of(attempt, FactKind::cancelled);
        auto heard = Heard::answer(attempt.id, noon, {cancelled});
        run(database->record(std::move(heard)));
        run(database->open(rival()));
        return said({cancelled});
    };
    const auto answer = start(simple);

    EXPECT_EQ(answer.problem(), "payment-in-progress");
    EXPECT_EQ(answer.header("Retry-After"), "5");
    EXPECT_EQ(rivals, 2);
    EXPECT_TRUE(is_live(attempts().back().status));  // it is not closed for nothing
    EXPECT_TRUE(simplepay.started.empty());
}

}  // namespace payments
