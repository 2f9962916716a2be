// What happens by itself: providers are asked when it is time, and deadlines end attempts.
#include "flow/checks/reconcile.hpp"

#include <limits>

#include "fixtures/scenario.hpp"
#include "flow/checks/check_attempt.hpp"
#include "flow/close_payment.hpp"

namespace payments {

using namespace testing_support;

class Reconciling : public Scenario {
protected:
    using Seconds = std::vector<std::int64_t>;

    // From now on notes when the provider is asked, in seconds since noon, and answers this.
    void says(ScriptedGateway& gateway, QueryResult word) {
        asked_at_s.clear();
        gateway.on_ask = [this, word](const Transaction&) {
            asked_at_s.push_back((clock.time - noon) / 1s);
            return word;
        };
    }
    // An attempt of which nobody knows what became.
    std::int64_t unknown_attempt(ScriptedGateway& gateway, const std::string& code) {
        const auto otherwise = gateway.on_start;
        gateway.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
        const auto id = start(code).number("transaction_id");
        gateway.on_start = otherwise;
        return id;
    }
    QueryResult open_at_stripe(std::int64_t id) {
        auto open = said({word(id, FactKind::accepted)});
        open.is_payable = open.is_cancellable = true;
        open.client_secret = "secret";
        return open;
    }

    // At Stripe, as after the database was set back.
    std::int64_t over_here_and_open_there() {
        const auto id = started(stripes);
        webhook(id, {word(id, FactKind::failed)});
        says(stripe, open_at_stripe(id));
        return id;
    }

    Seconds asked_at_s;
};

// ------------------------------------------------------------------------------- the schedule

TEST_F(Reconciling, asks_about_a_pending_attempt_after_1_5_15_and_then_every_60_minutes) {
    rules.payment_time = 24h;
    const auto id = started(simple);
    says(simplepay, said({word(id, FactKind::accepted)}));
    wait(4h);
    EXPECT_EQ(asked_at_s, (Seconds{60, 60 * 6, 60 * 21, 60 * 81, 60 * 141, 60 * 201}));
    EXPECT_EQ(status(id), "pending");
}

TEST_F(Reconciling, asks_about_an_unknown_attempt_within_seconds_and_ever_more_rarely) {
    const auto id = unknown_attempt(simplepay, simple);
    says(simplepay, silence());
    wait(10min);
    EXPECT_EQ(asked_at_s, (Seconds{2, 17, 32, 52, 92, 152, 452}));
    EXPECT_EQ(status(id), "unknown");
}

TEST_F(Reconciling, asks_a_silent_provider_once_whatever_the_number_of_replicas) {
    unknown_attempt(simplepay, simple);
    says(simplepay, silence());
    pass(2s);
    EXPECT_EQ(reconcile(), 1u);
    pass(15s - 1ms);  // as long as the call may last
    EXPECT_EQ(reconcile(), 0u);
    pass(1ms);
    EXPECT_EQ(reconcile(), 1u);
}

TEST_F(Reconciling, asks_until_three_days_after_the_deadline) {
    const auto id = started(simple);
    says(simplepay, said({word(id, FactKind::accepted)}));
    wait(24h * 10);
    EXPECT_GT(asked_at_s.back(), 3 * 24 * 3600);
    EXPECT_LT(asked_at_s.back(), 3 * 24 * 3600 + 2 * 3600);
    EXPECT_EQ(status(id), "pending");
    const auto left = await(store.reviews({clock.time, 10, {}}));
    ASSERT_EQ(left.list.size(), 1u);
    EXPECT_EQ(left.list[0].place.kind, ReviewKind::overdue);
}

TEST_F(Reconciling, asks_nobody_about_what_has_ended) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)});
    wait(24h);
    EXPECT_TRUE(stripe.asked.empty());
}

TEST_F(Reconciling, asks_both_providers_side_by_side) {
    started(simple);
    started(stripes, 43);
    pass(1min);
    simplepay.ask_gate.close();
    stripe.ask_gate.close();
    bool ended = false;
    boost::asio::co_spawn(loop, reconcile_due(world), [&](std::exception_ptr, std::size_t) {
        ended = true;
    });
    until([&] { return simplepay.ask_gate.waiting() == 1 && stripe.ask_gate.waiting() == 1; });
    simplepay.ask_gate.open();
    stripe.ask_gate.open();
    until([&] { return ended; });
}

TEST_F(Reconciling, waits_for_no_silent_account_before_it_asks_the_others) {
    started(simple);
    started("FULL-FEE-HUF-SIMPLE", 43);
    started(stripes, 44);
    pass(1min);
    simplepay.ask_gate.close();
    clock.sleeps_max = std::numeric_limits<int>::max();
    bool ended = false;
    boost::asio::co_spawn(loop, keep_reconciling(world), [&](std::exception_ptr) { ended = true; });
    // The clock runs on with each round, so that some may be asked about more than once.
    until([&] { return simplepay.ask_gate.waiting() >= 2 && !stripe.asked.empty(); });
    started(stripes, 45);
    const auto asked_before = stripe.asked.size();
    until([&] { return stripe.asked.size() > asked_before; });
    EXPECT_GE(simplepay.ask_gate.waiting(), 2u);
    simplepay.ask_gate.open();
    clock.sleeps_max = 0;
    until([&] { return ended; });
}

TEST_F(Reconciling, acts_on_what_was_said_of_many_attempts_side_by_side) {
    const auto one = started(simple), other = started(simple, 43);
    pass(32min);
    simplepay.cancel_gate.close();
    bool ended = false;
    boost::asio::co_spawn(loop, reconcile_due(world), [&](std::exception_ptr, std::size_t) {
        ended = true;
    });
    until([&] { return simplepay.cancel_gate.waiting() == 2; });
    simplepay.cancel_gate.open();
    until([&] { return ended; });
    EXPECT_EQ(status(one), "expired");
    EXPECT_EQ(status(other), "expired");
}

TEST_F(Reconciling, goes_on_five_times_a_second) {
    clock.sleeps_max = 3;
    EXPECT_THROW(await(keep_reconciling(world)), SleptEnough);
    EXPECT_EQ(clock.slept_until, (std::vector<Time>{noon + 200ms, noon + 400ms, noon + 600ms}));
}

TEST_F(Reconciling, does_not_sleep_while_more_than_one_callful_is_due) {
    for (std::int64_t ticket = 101; ticket <= 160; ++ticket) {
        tickets.tickets[ticket] = tickets.tickets[42];
        started(simple, ticket);
    }
    pass(1min);
    EXPECT_THROW(await(keep_reconciling(world)), SleptEnough);
    until([&] { return simplepay.asked.size() == 2; });
    EXPECT_EQ(simplepay.asked[0].size() + simplepay.asked[1].size(), 60u);
}

// --------------------------------------------------------------------------------- its answers

TEST_F(Reconciling, concludes_nothing_from_silence) {
    const auto id = started(simple);
    says(simplepay, silence());
    wait(24h);
    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(story(id), "accepted");
    EXPECT_TRUE(simplepay.cancelled.empty());
}

TEST_F(Reconciling, learns_of_a_payment_whose_notification_never_came) {
    const auto id = started(simple);
    says(simplepay, said({capture_of(id)}));
    wait(1min);
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(read(id).entries.back().source, Source::query);
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.paid"});
}

TEST_F(Reconciling, resolves_an_unknown_attempt_by_the_providers_word) {
    const auto id = unknown_attempt(stripe, stripes);
    says(stripe, open_at_stripe(id));
    wait(2s);
    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(read(id).provider_id, "pi_1");
}

TEST_F(Reconciling, calls_an_attempt_unknown_when_its_start_died_and_the_provider_is_silent) {
    store.lose("record");
    EXPECT_EQ(start(simple).status, 503);
    store.restore();
    says(simplepay, silence());
    wait(15s);
    EXPECT_EQ(status(1), "unknown");
    EXPECT_EQ(asked_at_s, Seconds{15});

    says(simplepay, said({word(1, FactKind::accepted)}));
    wait(5s);
    EXPECT_EQ(status(1), "pending");
}

// ---------------------------------------------------------------------------------- deadlines

TEST_F(Reconciling, closes_an_overdue_attempt_at_stripe_and_then_it_has_expired) {
    const auto id = started(stripes);
    says(stripe, open_at_stripe(id));
    wait(31min);
    EXPECT_EQ(status(id), "pending");
    EXPECT_TRUE(stripe.cancelled.empty());
    wait(1h);
    EXPECT_EQ(stripe.cancelled, std::vector<std::int64_t>{id});
    EXPECT_EQ(status(id), "expired");
    EXPECT_EQ(story(id), "accepted cancelled expired");
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.failed"});
}

TEST_F(Reconciling, closes_an_open_attempt_whose_fee_another_one_has_paid_late) {
    const auto late = started(stripes);
    webhook(late, {word(late, FactKind::cancelled)});
    const auto open = started("FULL-FEE-HUF-STRIPE-INTENTS");
    says(stripe, open_at_stripe(open));
    wait(2min);
    ASSERT_EQ(status(open), "pending");
    webhook(late, {capture_of(late)});
    wait(10min);
    EXPECT_EQ(status(late), "paid");
    EXPECT_EQ(stripe.cancelled, std::vector<std::int64_t>{open});
    EXPECT_EQ(status(open), "cancelled");
}

TEST_F(Reconciling, closes_an_overdue_attempt_at_simplepay_only_when_nobody_has_begun_to_pay) {
    const auto open = started(simple), begun = started(simple, 43);
    const auto being_paid = word(begun, FactKind::accepted);
    const auto otherwise = simplepay.on_ask;
    simplepay.on_ask = [&](const Transaction& attempt) {
        return attempt.id == begun ? said({being_paid}) : otherwise(attempt);
    };
    wait(2h);
    EXPECT_EQ(simplepay.cancelled, std::vector<std::int64_t>{open});
    EXPECT_EQ(status(open), "expired");
    EXPECT_EQ(status(begun), "pending");
}

TEST_F(Reconciling, is_told_by_an_overdue_attempt_that_it_was_paid_just_now) {
    const auto id = started(stripes);
    says(stripe, open_at_stripe(id));
    const auto paid = said({capture_of(id)});
    stripe.on_cancel = [&](const Transaction&) { return paid; };
    wait(2h);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Reconciling, tries_again_to_close_when_the_provider_does_not_answer) {
    const auto id = started(stripes);
    says(stripe, open_at_stripe(id));
    const auto closes = stripe.on_cancel;
    stripe.on_cancel = [](const Transaction&) { return silence(); };
    wait(2h);
    EXPECT_EQ(status(id), "pending");
    stripe.on_cancel = closes;
    wait(1h);
    EXPECT_EQ(status(id), "expired");
}

TEST_F(Reconciling, closes_what_has_ended_here_until_the_provider_has_done_so) {
    const auto id = over_here_and_open_there();
    const auto closes = stripe.on_cancel;
    stripe.on_cancel = [](const Transaction&) { return silence(); };
    await(check_attempt(world, read(id)));
    wait(20min);
    EXPECT_EQ(status(id), "failed");
    EXPECT_EQ(asked_at_s, (Seconds{0, 60, 120, 240, 480, 960}));
    stripe.on_cancel = [&, closes](const Transaction& attempt) {
        says(stripe, said({word(id, FactKind::cancelled)}));
        return closes(attempt);
    };
    wait(2h);
    EXPECT_EQ(stripe.cancelled.size(), 7U);
    EXPECT_EQ(status(id), "failed");
    asked_at_s.clear();
    wait(24h);
    EXPECT_EQ(asked_at_s, Seconds{});
}

TEST_F(Reconciling, lists_what_has_ended_here_while_the_provider_will_not_close_it) {
    const auto listed = [&] {
        std::string kinds;
        for (const auto& review : await(store.reviews({clock.time, 10, {}})).list)
            kinds += name(review.place.kind);
        return kinds;
    };
    const auto id = over_here_and_open_there();
    const auto closes = stripe.on_cancel;
    stripe.on_cancel = [](const Transaction&) { return silence(); };
    await(check_attempt(world, read(id)));
    wait(59min);
    EXPECT_EQ(listed(), "");
    wait(2min);
    EXPECT_EQ(listed(), "still_payable");
    wait(24h);
    EXPECT_EQ(story(id), "accepted failed still_payable");
    stripe.on_cancel = [&, closes](const Transaction& attempt) {
        says(stripe, said({word(id, FactKind::cancelled)}));
        return closes(attempt);
    };
    wait(2h);
    EXPECT_EQ(listed(), "");
    EXPECT_EQ(status(id), "failed");
}

// Somebody signed that it was cancelled, and the visitor began to pay before it could be closed.
TEST_F(Reconciling, asks_again_when_what_has_ended_here_was_begun_before_it_could_be_closed) {
    const auto id = started(simple);
    auto open = said({word(id, FactKind::accepted)});
    open.is_cancellable = true;
    says(simplepay, open);
    ipn(id, {word(id, FactKind::cancelled)});
    EXPECT_EQ(status(id), "cancelled");
    // It answers, and closes nothing; the notice of the payment is lost.
    simplepay.on_cancel = [](const Transaction&) { return said({}); };
    wait(10s);
    says(simplepay, said({capture_of(id)}));
    wait(2min);
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(await(store.reviews({clock.time + 24h, 10, {}})).total(), 0);
}

TEST_F(Reconciling, asks_again_about_what_has_ended_here_while_somebody_is_paying_it) {
    const auto id = started(simple);
    says(simplepay, said({word(id, FactKind::accepted)}));  // INPAYMENT: it cannot be closed
    ipn(id, {word(id, FactKind::cancelled)});
    wait(10s);
    EXPECT_EQ(status(id), "cancelled");
    says(simplepay, said({capture_of(id)}));
    wait(2min);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Reconciling, takes_what_has_ended_at_its_provider_off_the_list) {
    const auto id = over_here_and_open_there();
    stripe.on_cancel = [](const Transaction&) { return silence(); };
    await(check_attempt(world, read(id)));
    // Somebody cancels it on the provider's pages.
    says(stripe, said({word(id, FactKind::cancelled)}));
    wait(5min);
    EXPECT_EQ(story(id), "accepted failed still_payable cancelled no_longer_payable");
    wait(2h);
    EXPECT_EQ(await(store.reviews({clock.time, 10, {}})).total(), 0);
    EXPECT_EQ(status(id), "failed");
}

TEST_F(Reconciling, takes_it_off_the_list_also_when_the_clock_was_set_back_meanwhile) {
    const auto id = over_here_and_open_there();
    stripe.on_cancel = [](const Transaction&) { return silence(); };
    await(check_attempt(world, read(id)));
    clock.time -= 1h;
    says(stripe, said({word(id, FactKind::cancelled)}));
    await(check_attempt(world, read(id)));
    EXPECT_EQ(await(store.reviews({clock.time + 24h, 10, {}})).total(), 0);
}

TEST_F(Reconciling, closes_it_at_the_provider_when_a_person_wants_it_ended) {
    const auto id = over_here_and_open_there();
    const auto closes = stripe.on_cancel;
    stripe.on_cancel = [](const Transaction&) { return silence(); };
    await(check_attempt(world, read(id)));
    wait(2h);
    stripe.on_cancel = closes;
    const auto closed = await(close_payment(world, {id, {"nobody can pay it", "anna"}}));
    ASSERT_TRUE(closed) << closed.error().detail;
    EXPECT_EQ(story(id), "accepted failed still_payable cancelled no_longer_payable");
    EXPECT_EQ(await(store.reviews({clock.time, 10, {}})).total(), 0);
}

TEST_F(Reconciling, goes_on_asking_about_what_a_person_has_ended_while_it_is_open_there) {
    const auto id = over_here_and_open_there();
    stripe.on_cancel = [](const Transaction&) { return silence(); };
    await(check_attempt(world, read(id)));
    wait(2h);
    const auto closed = await(close_payment(world, {id, {"nobody can pay it", "anna"}}));
    ASSERT_TRUE(closed) << closed.error().detail;
    wait(48h);
    EXPECT_EQ(await(store.reviews({clock.time, 10, {}})).total(), 0);
    EXPECT_EQ(story(id), "accepted failed still_payable closed");
    // Somebody could after all, and no webhook came.
    says(stripe, said({capture_of(id)}));
    wait(2h);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Reconciling, closes_it_there_later_when_the_provider_was_silent_as_a_person_ended_it) {
    const auto id = started(stripes);
    says(stripe, silence());
    wait(2h);
    const auto closed = await(close_payment(world, {id, {"nobody can pay it", "anna"}}));
    ASSERT_TRUE(closed) << closed.error().detail;
    EXPECT_EQ(status(id), "cancelled");
    says(stripe, open_at_stripe(id));
    wait(2h);
    EXPECT_EQ(story(id), "accepted closed still_payable cancelled no_longer_payable");
}

TEST_F(Reconciling, ends_an_absent_attempt_that_nobody_was_given_soon_after_its_call) {
    const auto id = unknown_attempt(simplepay, simple);
    auto absent = said({});
    absent.is_unknown = true;
    says(simplepay, absent);
    wait(25s);
    EXPECT_EQ(status(id), "unknown");
    wait(1min);
    EXPECT_EQ(status(id), "failed");
}

TEST_F(Reconciling, ends_an_absent_attempt_that_was_handed_out_only_after_its_deadline) {
    const auto id = started(simple);
    auto absent = said({});
    absent.is_unknown = true;
    says(simplepay, absent);
    wait(31min);
    EXPECT_EQ(status(id), "pending");
    wait(1h);
    EXPECT_EQ(status(id), "expired");
}

TEST_F(Reconciling, counts_money_that_came_after_the_attempt_had_expired) {
    const auto id = started(stripes);
    says(stripe, open_at_stripe(id));
    wait(2h);
    ASSERT_EQ(status(id), "expired");
    webhook(id, {capture_of(id)});

    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(outbox().back(), "payment.paid");
    EXPECT_EQ(start(stripes).problem(), "already-paid");
}

}  // namespace payments
