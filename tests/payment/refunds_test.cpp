#include "payment/refunds.hpp"

#include <gtest/gtest.h>

#include "fixtures/facts.hpp"
#include "payment/checks.hpp"

namespace payments {
namespace {

using namespace testing_support;

Fact of_refund(FactKind kind, std::string name) {
    auto made = fact(kind);
    made.refund = std::move(name);
    return made;
}

struct Refunds : testing::Test {
    Transaction paid{
        .id = 42,
        .ticket_id = 7,
        .code = Code::parse("FULL-FEE-EUR-SIMPLE").value(),
        .amount = eur(22000),
        .account = "M",
        .email = "",
        .metas = "{}",
        .created_at = noon,
        .expires_at = noon + 30min};

    Refunds() { hear(captured(22000)); }
    void hear(Fact fact, Time at = noon) {
        paid.entries.push_back({at, Source::query, std::move(fact)});
    }
    Result<Fact> request(std::optional<Money> amount = {}) {
        auto asked = request_refund(paid, {amount, "", ""});
        if (asked) hear(*asked);
        return asked;
    }
};

TEST_F(Refunds, without_an_amount_everything_that_is_left_is_given_back) {
    hear(refunded("re_1", 5000));
    const auto asked = request();
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->amount, eur(17000));
    EXPECT_EQ(asked->refund, "TR42-R1");
    EXPECT_EQ(request().error().code, Errc::not_refundable);
}

TEST_F(Refunds, refunds_on_their_way_hold_their_money_back) {
    ASSERT_TRUE(request(eur(20000)));
    const auto more = request(eur(2001));
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, Errc::refund_too_large);
    EXPECT_EQ(more.error().detail, "20.01 cannot be refunded: 20 EUR is left of TR42");
    EXPECT_TRUE(request(eur(2000)));
}

TEST_F(Refunds, one_that_was_refused_is_free_again_under_another_name) {
    ASSERT_TRUE(request());
    hear(of_refund(FactKind::refund_refused, "TR42-R1"));
    const auto again = request();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->refund, "TR42-R2");
    EXPECT_EQ(again->amount, eur(22000));
}

TEST_F(Refunds, one_that_was_refused_and_made_all_the_same_was_made) {
    ASSERT_TRUE(request());
    hear(of_refund(FactKind::refund_refused, "TR42-R1"));
    hear(refunded("re_1", 22000, "TR42-R1"));
    EXPECT_EQ(status(facts_of(paid)), Status::refunded);
    EXPECT_TRUE(pending_refunds(paid).empty());
    EXPECT_EQ(request().error().code, Errc::not_refundable);
}

TEST_F(Refunds, a_refund_that_came_back_may_be_given_again) {
    ASSERT_TRUE(request());
    hear(refunded("re_1", 22000, "TR42-R1"));
    auto back = of_refund(FactKind::refund_failed, "TR42-R1");
    back.subject = "re_1";
    hear(back);
    EXPECT_EQ(status(facts_of(paid)), Status::paid);
    EXPECT_TRUE(request());
}

TEST_F(Refunds, of_captures_that_contradict_each_other_the_smallest_counts) {
    hear(captured(21000));
    EXPECT_EQ(request()->amount, eur(21000));
}

TEST_F(Refunds, what_was_never_paid_is_disputed_or_was_paid_in_another_currency_cannot) {
    auto never = paid;
    never.entries.clear();
    EXPECT_EQ(request_refund(never, {}).error().code, Errc::not_refundable);

    auto disputed = paid;
    Fact dispute = of_refund(FactKind::disputed, "");
    dispute.subject = "dp_1";
    disputed.entries.push_back({noon, Source::webhook, dispute});
    EXPECT_EQ(request_refund(disputed, {}).error().code, Errc::not_refundable);

    Fact other = captured(1);
    other.amount = Money::of(100, Currency::of("HUF").value()).value();
    hear(other);
    EXPECT_EQ(request().error().code, Errc::not_refundable);
}

TEST_F(Refunds, nothing_and_other_money_are_wrong_amounts) {
    EXPECT_EQ(request(eur(0)).error().wrong.front().pointer, "/amount");
    const auto forints = Money::of(100, Currency::of("HUF").value()).value();
    EXPECT_EQ(request(forints).error().code, Errc::invalid_request);
}

TEST_F(Refunds, in_forints_are_whole_unless_it_is_the_rest_of_what_was_reported_in_fractions) {
    const auto huf = [](std::int64_t minor) {
        return Money::of(minor, Currency::of("HUF").value()).value();
    };
    paid.code = Code::parse("FULL-FEE-HUF-STRIPE-INTENTS").value();
    paid.amount = huf(8'800'100);
    paid.entries.clear();
    hear(captured());
    paid.entries.back().fact.amount = huf(8'800'100);
    auto by_hand = refunded("re_1", 0);
    by_hand.amount = huf(4'400'050);
    hear(by_hand);
    EXPECT_EQ(refunded_minor(facts_of(paid)), 4'400'050);

    const auto half = request(huf(50));
    ASSERT_FALSE(half);
    EXPECT_EQ(half.error().code, Errc::invalid_request);
    EXPECT_EQ(half.error().wrong.front().pointer, "/amount");
    EXPECT_EQ(request()->amount, huf(4'400'050));
}

TEST_F(Refunds, one_on_its_way_counts_as_made_and_says_so) {
    ASSERT_TRUE(request(eur(5000)));
    auto pending = refunded("re_1", 5000, "TR42-R1");
    pending.kind = FactKind::refund_pending;
    hear(pending);
    EXPECT_EQ(refunded_minor(facts_of(paid)), 5000);
    EXPECT_TRUE(pending_refunds(paid).empty());
    EXPECT_TRUE(is_on_its_way(paid, "TR42-R1"));
    EXPECT_FALSE(is_on_its_way(paid, "TR42-R2"));
    hear(refunded("re_1", 5000, "TR42-R1"));
    EXPECT_EQ(refunded_minor(facts_of(paid)), 5000);
    EXPECT_FALSE(is_on_its_way(paid, "TR42-R1"));
}

TEST_F(Refunds, of_a_disputed_second_payment_are_left_to_a_person) {
    hear(fact(FactKind::duplicate, "TR41"));
    EXPECT_TRUE(can_refund_duplicate(paid));
    hear(fact(FactKind::disputed, "dp_1"));
    EXPECT_FALSE(can_refund_duplicate(paid));
    EXPECT_EQ(request().error().code, Errc::not_refundable);
}

TEST_F(Refunds, a_refund_of_the_same_amount_that_appears_later_is_ours) {
    hear(refunded("900", 5000));
    ASSERT_TRUE(request(eur(5000)));
    EXPECT_TRUE(match_listed_refunds(paid, noon + 1min).empty());
    hear(refunded("901", 5000));
    const auto settled = match_listed_refunds(paid, noon + 1min);
    ASSERT_EQ(settled.size(), 1u);
    EXPECT_EQ(settled[0].subject, "901");
    EXPECT_EQ(settled[0].refund, "TR42-R1");
    hear(settled[0]);
    EXPECT_TRUE(pending_refunds(paid).empty());
    EXPECT_EQ(refunded_minor(facts_of(paid)), 10000);
}

TEST_F(Refunds, two_equal_orders_are_not_both_settled_by_one_refund) {
    ASSERT_TRUE(request(eur(5000)));
    ASSERT_TRUE(request(eur(5000)));
    hear(refunded("901", 5000));
    const auto settled = match_listed_refunds(paid, noon + 15min);
    ASSERT_EQ(settled.size(), 2u);
    EXPECT_EQ(settled[0].subject, "901");
    EXPECT_EQ(settled[0].refund, "TR42-R1");
    EXPECT_EQ(settled[1].kind, FactKind::refund_refused);
    EXPECT_EQ(settled[1].refund, "TR42-R2");
}

TEST_F(Refunds, of_two_equal_orders_none_is_settled_while_their_calls_may_run) {
    ASSERT_TRUE(request(eur(5000)));
    ASSERT_TRUE(request(eur(5000)));
    hear(refunded("901", 5000));
    EXPECT_TRUE(match_listed_refunds(paid, noon + 1min).empty());
    // It was the second's, and the first may still be made.
    hear(refunded("901", 5000, "TR42-R2"));
    EXPECT_EQ(request(eur(12001)).error().code, Errc::refund_too_large);
    EXPECT_TRUE(request(eur(12000)));
}

TEST_F(Refunds, one_the_provider_does_not_know_after_15_minutes_was_never_made) {
    ASSERT_TRUE(request());
    EXPECT_TRUE(match_listed_refunds(paid, noon + 15min - 1ms).empty());
    const auto settled = match_listed_refunds(paid, noon + 15min);
    ASSERT_EQ(settled.size(), 1u);
    EXPECT_EQ(settled[0].kind, FactKind::refund_refused);
}

TEST_F(Refunds, one_whose_order_is_repeated_may_still_be_made_until_15_minutes_after_the_last) {
    ASSERT_TRUE(request());
    EXPECT_TRUE(match_listed_refunds(paid, noon + 23h + 15min - 1ms, 23h).empty());
    EXPECT_EQ(match_listed_refunds(paid, noon + 23h + 15min, 23h).size(), 1u);
    // What the list shows counts at once.
    hear(refunded("901", 22000));
    EXPECT_EQ(match_listed_refunds(paid, noon + 1min, 23h).size(), 1u);
}

TEST_F(Refunds, a_duplicate_is_returned_unless_something_else_is_wrong_or_three_tries_failed) {
    Fact duplicate;
    duplicate.kind = FactKind::duplicate;
    duplicate.subject = "TR41";
    EXPECT_FALSE(can_refund_duplicate(paid));
    hear(duplicate);
    EXPECT_TRUE(can_refund_duplicate(paid));

    for (const auto* name : {"TR42-R1", "TR42-R2", "TR42-R3"}) {
        ASSERT_TRUE(request());
        EXPECT_FALSE(can_refund_duplicate(paid));
        hear(of_refund(FactKind::refund_refused, name));
    }
    EXPECT_FALSE(can_refund_duplicate(paid));
}

TEST_F(Refunds, a_duplicate_of_another_amount_is_left_to_a_person) {
    Fact duplicate;
    duplicate.kind = FactKind::duplicate;
    hear(duplicate);
    hear(captured(21000));
    EXPECT_FALSE(can_refund_duplicate(paid));
}

TEST_F(Refunds, an_open_refund_is_looked_after_without_end) {
    ASSERT_TRUE(request());
    const auto years_later = noon + std::chrono::days{900};
    EXPECT_EQ(next_check(paid, facts_of(paid), 0, years_later), years_later + 2s);
    hear(refunded("re_1", 22000, "TR42-R1"));
    EXPECT_FALSE(next_check(paid, facts_of(paid), 0, noon));
}

}  // namespace
}  // namespace payments
