// When a provider is asked about an attempt.
#include "payment/checks.hpp"

#include <gtest/gtest.h>

namespace payments {
namespace {

using namespace std::chrono_literals;

Transaction open_attempt() {
    const auto code = *Code::parse("FULL-FEE-EUR-SIMPLE");
    const auto amount = *Money::parse("220", code.currency);
    return {1, 42, code, amount, "PUBLICTESTEUR", "a@example.com", "{}", Time{} + 1h, Time{} + 2h};
}

Facts known(FactKind kind) {
    Fact fact;
    fact.kind = kind;
    return learn({}, fact, open_attempt().terms());
}

TEST(NextCheck, comes_seconds_after_an_unknown_outcome_and_then_less_often) {
    const auto start = Time{} + 1h;
    const auto facts = known(FactKind::unanswered);
    EXPECT_EQ(next_check(open_attempt(), facts, 0, start), start + 2s);
    EXPECT_EQ(next_check(open_attempt(), facts, 1, start), start + 5s);
    EXPECT_EQ(next_check(open_attempt(), facts, 6, start), start + 5min);
    EXPECT_EQ(next_check(open_attempt(), facts, 1000, start), start + 60min);
}

TEST(NextCheck, of_an_open_payment_comes_after_1_5_15_60_minutes_and_then_hourly) {
    const auto start = Time{} + 1h;
    const auto facts = known(FactKind::accepted);
    EXPECT_EQ(next_check(open_attempt(), facts, 0, start), start + 1min);
    EXPECT_EQ(next_check(open_attempt(), facts, 1, start), start + 5min);
    EXPECT_EQ(next_check(open_attempt(), facts, 2, start), start + 15min);
    EXPECT_EQ(next_check(open_attempt(), facts, 3, start), start + 60min);
    EXPECT_EQ(next_check(open_attempt(), facts, 99, start), start + 60min);
}

TEST(NextCheck, ends_three_days_after_the_deadline_and_with_the_payment) {
    const auto deadline = open_attempt().expires_at;
    EXPECT_TRUE(next_check(open_attempt(), known(FactKind::accepted), 0, deadline + 72h));
    EXPECT_FALSE(next_check(open_attempt(), known(FactKind::accepted), 0, deadline + 72h + 1ms));
    EXPECT_FALSE(next_check(open_attempt(), known(FactKind::captured), 0, Time{} + 1h));
}

TEST(NextCheck, of_a_claimed_capture_is_seconds_away_however_late) {
    const auto late = open_attempt().expires_at + 1000h;
    EXPECT_EQ(next_check(open_attempt(), known(FactKind::claimed), 50, late), late + 3s);
}

TEST(NextCheck, of_a_contradicted_claim_comes_within_seconds_until_it_is_confirmed) {
    const auto start = Time{} + 1h;
    for (const auto kind : {FactKind::contradicted, FactKind::cancelled}) {
        Fact fact;
        fact.kind = kind;
        const auto contradicted = learn(known(FactKind::claimed), fact, open_attempt().terms());
        ASSERT_EQ(status(contradicted), Status::review);
        EXPECT_EQ(next_check(open_attempt(), contradicted, 0, start), start + 2s);
        EXPECT_EQ(next_check(open_attempt(), contradicted, 6, start), start + 5min);
        EXPECT_FALSE(next_check(open_attempt(), contradicted, 0, open_attempt().expires_at + 73h));

        Fact captured;
        captured.kind = FactKind::captured;
        const auto confirmed = learn(contradicted, captured, open_attempt().terms());
        EXPECT_FALSE(next_check(open_attempt(), confirmed, 0, start));
    }
}

}  // namespace
}  // namespace payments
