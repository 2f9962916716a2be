// SimplePay's IPN has no amount, so FINISHED is a claim until a query confirms it.
#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class Claimed : public Scenario {
protected:
    void SetUp() override {
        id = started(simple);
        paid = said({capture_of(id)});
    }
    void finished() {
        const auto answer = ipn(id, {claim_of(id)}, "finished");
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.header("Signature"), "signed by us");
    }
    void simplepay_says(QueryResult word) {
        said_now = std::move(word);
        simplepay.on_ask = [&](const Transaction&) { return said_now; };
    }
    std::int64_t id = 0;
    QueryResult paid, said_now;
};

TEST_F(Claimed, it_is_acknowledged_before_it_is_confirmed_and_paid_after) {
    finished();
    EXPECT_EQ(status(id), "pending");
    EXPECT_TRUE(simplepay.asked.empty());

    simplepay_says(paid);
    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(story(id), "accepted claimed captured");
    EXPECT_EQ(read(id).entries.back().source, Source::query);
    pass(1h);
    EXPECT_EQ(reconcile(), 0u);
}

TEST_F(Claimed, it_is_asked_each_time_that_a_call_may_have_ended_while_simplepay_is_silent) {
    simplepay_says(silence());
    finished();
    wait(60s);
    EXPECT_EQ(simplepay.asked.size(), 5u);
    EXPECT_EQ(status(id), "pending");

    simplepay_says(paid);
    wait(15s);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Claimed, after_15_minutes_of_silence_the_signed_message_alone_counts_when_preferred) {
    simplepay_says(silence());
    finished();
    wait(15min - 1s);
    EXPECT_EQ(status(id), "pending");
    wait(5s);

    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(read(id).entries.back().source, Source::ipn);
    EXPECT_NE(logged().find("a signed notification counts unconfirmed"), std::string::npos);
}

// Its secret may have leaked, which is why it was replaced.
TEST_F(Claimed, nothing_counts_alone_while_its_account_is_not_set_up) {
    simplepay_says(silence());
    finished();
    simplepay.missing_accounts.insert(read(id).account);
    wait(24h);
    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(await(store.reviews({clock.time, 10, {}})).total(), 1);

    simplepay.missing_accounts.clear();
    simplepay_says(paid);
    wait(2h);
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(read(id).entries.back().source, Source::query);
}

TEST_F(Claimed, time_in_which_nobody_asked_is_no_silence) {
    simplepay_says(silence());
    finished();
    clock.time += 16min;
    world.began_at = clock.time;  // the service was down, and is up again
    wait(14min);
    EXPECT_EQ(status(id), "pending");
    wait(2min);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Claimed, what_is_said_after_it_counted_alone_still_counts) {
    simplepay_says(silence());
    finished();
    wait(15min + 5s);
    ASSERT_EQ(status(id), "paid");

    auto less = capture_of(id);
    less.amount = eur(100);
    simplepay_says(said({less}));
    finished();
    ipn(id, {claim_of(id)}, "finished again");
    reconcile();
    EXPECT_EQ(status(id), "review");
}

TEST_F(Claimed, simplepay_is_asked_on_after_it_counted_alone_until_it_answers) {
    simplepay_says(silence());
    finished();
    wait(20min);
    ASSERT_EQ(status(id), "paid");

    auto refund = word(id, FactKind::refunded);
    refund.subject = "77";
    refund.amount = eur(100);
    simplepay_says(said({capture_of(id), refund}));
    pass(1h);
    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(status(id), "partially_refunded");
    pass(24h);
    EXPECT_EQ(reconcile(), 0u);
}

TEST_F(Claimed, it_counts_alone_although_the_money_was_blocked_before) {
    auto blocked = word(id, FactKind::authorized);
    blocked.amount = eur(22000);
    simplepay_says(said({blocked}));
    pass(1min);
    reconcile();
    ASSERT_EQ(status(id), "authorized");
    simplepay_says(silence());
    finished();
    wait(15min + 5s);

    EXPECT_EQ(status(id), "paid");
}

TEST_F(Claimed, silence_never_suffices_when_confirmation_is_always_asked_for) {
    rules.confirm = Rules::Confirm::always;
    simplepay_says(silence());
    finished();
    wait(20min);
    pass(24h);
    reconcile();
    EXPECT_EQ(status(id), "pending");

    simplepay_says(paid);
    pass(1min);
    reconcile();
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Claimed, the_signed_message_counts_at_once_when_confirmation_is_never_asked_for) {
    rules.confirm = Rules::Confirm::never;
    finished();
    EXPECT_EQ(status(id), "paid");
    EXPECT_TRUE(simplepay.asked.empty());
}

TEST_F(Claimed, an_ending_is_no_claim_and_counts_at_once_under_every_rule) {
    for (const auto rule :
         {Rules::Confirm::prefer, Rules::Confirm::always, Rules::Confirm::never}) {
        rules.confirm = rule;
        const auto ticket = 43 + static_cast<std::int64_t>(rule);
        const auto other = started(simple, ticket);
        ipn(other, {word(other, FactKind::expired)});
        EXPECT_EQ(status(other), "expired");
    }
}

// ---------------------------------------------------------------------------- contradictions

TEST_F(Claimed, a_query_that_says_another_state_is_review_and_a_person_is_called) {
    for (const auto kind : {FactKind::failed, FactKind::cancelled, FactKind::contradicted}) {
        const auto ticket = 43 + static_cast<std::int64_t>(kind);
        tickets.tickets[ticket] = tickets.tickets[42];
        const auto other = started(simple, ticket);
        ipn(other, {claim_of(other)});
        simplepay_says(said({word(other, kind)}));
        reconcile();
        EXPECT_EQ(status(other), "review") << name(kind);
        EXPECT_EQ(
            review_reason_of(other),
            "a signed notification said paid, but the provider says otherwise when asked"
        );
    }
    EXPECT_NE(logged().find("a person must look at a transaction"), std::string::npos);
}

TEST_F(Claimed, a_query_that_says_another_total_is_review) {
    finished();
    auto less = capture_of(id);
    less.amount = eur(100);
    simplepay_says(said({less}));
    reconcile();
    EXPECT_EQ(status(id), "review");
}

TEST_F(Claimed, a_query_that_says_another_id_is_review) {
    finished();
    auto other = capture_of(id);
    other.provider_id = "999";
    simplepay_says(said({other}));
    reconcile();
    EXPECT_EQ(status(id), "review");
}

TEST_F(Claimed, a_capture_heard_later_ends_the_contradiction) {
    finished();
    simplepay_says(said({word(id, FactKind::contradicted)}));
    reconcile();
    ASSERT_EQ(status(id), "review");
    ipn(id, {claim_of(id)}, "again");
    simplepay_says(paid);
    reconcile();
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Claimed, those_that_wait_are_asked_together_fifty_at_a_time) {
    simplepay_says(silence());
    for (std::int64_t ticket = 101; ticket <= 160; ++ticket) {
        tickets.tickets[ticket] = tickets.tickets[42];
        const auto other = started(simple, ticket);
        ipn(other, {claim_of(other)});
    }
    EXPECT_EQ(reconcile(), 50u);
    EXPECT_EQ(reconcile(), 10u);
    ASSERT_EQ(simplepay.asked.size(), 2u);
    EXPECT_EQ(simplepay.asked[0].size(), 50u);
    EXPECT_EQ(simplepay.asked[1].size(), 10u);
}

TEST_F(Claimed, a_second_start_asks_at_once_and_finds_it_paid) {
    finished();
    simplepay_says(paid);
    EXPECT_EQ(start(stripes).problem(), "already-paid");
    EXPECT_EQ(status(id), "paid");
}

}  // namespace payments
