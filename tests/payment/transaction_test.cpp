#include "payment/transaction.hpp"

#include <gtest/gtest.h>

using namespace payments;
using namespace std::chrono_literals;

namespace {

Transaction attempt() {
    const auto code = *Code::parse("FULL-FEE-EUR-SIMPLE");
    const auto amount = *Money::parse("220", code.currency);
    return {1, 42, code, amount, "PUBLICTESTEUR", "a@example.com", "{}", Time{} + 1h, Time{} + 2h};
}

Facts known(FactKind kind) {
    Fact fact;
    fact.kind = kind;
    return learn({}, fact, attempt().terms());
}

}  // namespace

TEST(Reference, is_TR_and_the_id_and_nothing_else) {
    EXPECT_EQ(attempt().reference(), "TR1");
    EXPECT_EQ(id_of_reference("TR123"), 123);
    EXPECT_EQ(id_of_reference("TR9223372036854775807"), INT64_MAX);
    for (const auto* text :
         {"", "TR", "TR0", "TR01", "TR-1", "TR1 ", "TR1a", "tr1", "XX1", "TR9223372036854775808"})
        EXPECT_FALSE(id_of_reference(text)) << text;
}

TEST(NextCheck, comes_seconds_after_an_unknown_outcome_and_then_less_often) {
    const auto start = Time{} + 1h;
    const auto facts = known(FactKind::unanswered);
    EXPECT_EQ(next_check(attempt(), facts, 0, start), start + 2s);
    EXPECT_EQ(next_check(attempt(), facts, 1, start), start + 5s);
    EXPECT_EQ(next_check(attempt(), facts, 6, start), start + 5min);
    EXPECT_EQ(next_check(attempt(), facts, 1000, start), start + 60min);
}

TEST(NextCheck, of_an_open_payment_comes_after_1_5_15_60_minutes_and_then_hourly) {
    const auto start = Time{} + 1h;
    const auto facts = known(FactKind::accepted);
    EXPECT_EQ(next_check(attempt(), facts, 0, start), start + 1min);
    EXPECT_EQ(next_check(attempt(), facts, 1, start), start + 5min);
    EXPECT_EQ(next_check(attempt(), facts, 2, start), start + 15min);
    EXPECT_EQ(next_check(attempt(), facts, 3, start), start + 60min);
    EXPECT_EQ(next_check(attempt(), facts, 99, start), start + 60min);
}

TEST(NextCheck, ends_three_days_after_the_deadline_and_with_the_payment) {
    const auto deadline = attempt().expires_at;
    EXPECT_TRUE(next_check(attempt(), known(FactKind::accepted), 0, deadline + 72h));
    EXPECT_FALSE(next_check(attempt(), known(FactKind::accepted), 0, deadline + 72h + 1ms));
    EXPECT_FALSE(next_check(attempt(), known(FactKind::captured), 0, Time{} + 1h));
}

TEST(NextCheck, of_a_claimed_capture_is_seconds_away_however_late) {
    const auto late = attempt().expires_at + 1000h;
    EXPECT_EQ(next_check(attempt(), known(FactKind::claimed), 50, late), late + 3s);
}

TEST(NextCheck, of_a_contradicted_claim_comes_within_seconds_until_it_is_confirmed) {
    const auto start = Time{} + 1h;
    for (const auto kind : {FactKind::contradicted, FactKind::cancelled}) {
        Fact fact;
        fact.kind = kind;
        const auto contradicted = learn(known(FactKind::claimed), fact, attempt().terms());
        ASSERT_EQ(status(contradicted), Status::review);
        EXPECT_EQ(next_check(attempt(), contradicted, 0, start), start + 2s);
        EXPECT_EQ(next_check(attempt(), contradicted, 6, start), start + 5min);
        EXPECT_FALSE(next_check(attempt(), contradicted, 0, attempt().expires_at + 73h));

        Fact captured;
        captured.kind = FactKind::captured;
        const auto confirmed = learn(contradicted, captured, attempt().terms());
        EXPECT_FALSE(next_check(attempt(), confirmed, 0, start));
    }
}

TEST(EventType, is_told_once_for_each_change_that_matters_outside) {
    using enum Status;
    EXPECT_EQ(event_type({pending, 0}, {paid, 0}), "payment.paid");
    EXPECT_EQ(event_type({paid, 0}, {paid, 0}), "");
    EXPECT_EQ(event_type({created, 0}, {pending, 0}), "");
    EXPECT_EQ(event_type({pending, 0}, {expired, 0}), "payment.failed");
    EXPECT_EQ(event_type({paid, 0}, {partially_refunded, 100}), "payment.refunded");
    EXPECT_EQ(event_type({partially_refunded, 100}, {partially_refunded, 200}), "payment.refunded");
    EXPECT_EQ(event_type({pending, 0}, {review, 0}), "payment.review");
    EXPECT_EQ(event_type({paid, 0}, {disputed, 0}), "payment.disputed");
}
