#include "payment/outgoing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace payments;
using namespace std::chrono_literals;

namespace {

const Time noon{std::chrono::sys_days{std::chrono::March / 2 / 2026} + 12h};

OutgoingEvent event_after(int tries) {
    const auto code = *Code::parse("FULL-FEE-EUR-SIMPLE");
    OutgoingEvent event{
        7, "payment.paid", noon, 1, 42, code, *Money::parse("220", code.currency), noon, {}, {}};
    event.tries = tries;
    return event;
}

DeliveryOutcome failed(int tries, std::chrono::seconds wait = {}) {
    return outcome_of_attempt(event_after(tries), DeliveryAttempt::failed("refused", wait), noon);
}

}  // namespace

TEST(EventId, is_made_of_the_moment_of_the_attempt_and_a_number) {
    const EventId name{42, noon};
    EXPECT_EQ(name.text(), "evt_019cae6b660000000000002a");
    EXPECT_EQ(EventId::parse("evt_019cae6b660000000000002a"), name);
}

TEST(EventId, is_nothing_but_what_we_have_written) {
    for (const auto* text :
         {"", "evt_", "msg_019cae6b660000000000002a", "evt_019cae6b660000000000002",
          "evt_019CAE6B660000000000002a", "evt_019cae6b6600-0000000002a",
          "evt_019cae6b66000000000000002a", "evt_019cae6b660000000000002g"})
        EXPECT_FALSE(EventId::parse(text)) << text;
}

TEST(SettlementEventId, is_nothing_but_what_we_have_written) {
    const SettlementEventId id{42, noon};
    const auto text = id.text();
    EXPECT_EQ(SettlementEventId::parse(text), id);
    EXPECT_FALSE(EventId::parse(text));
    for (const auto& other :
         {text + "x", text + "_", "x" + text, std::string{"evt_settlement_"},
          std::string{"evt_settlement_12"}, std::string{"evt_settlement_12_"},
          std::string{"evt_settlement_12-3"}, std::string{"evt_settlement_12_03"},
          std::string{"evt_settlement__3"}, EventId{42, noon}.text()})
        EXPECT_FALSE(SettlementEventId::parse(other)) << other;
}

RC_GTEST_PROP(EventId, is_read_as_it_was_written, ()) {
    const EventId name{
        *rc::gen::inRange<std::int64_t>(0, INT64_MAX),
        Time{std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(0, 1LL << 47)}}};
    RC_ASSERT(EventId::parse(name.text()) == name);
}

TEST(DeliveryOutcome, of_a_delivery_is_the_end_of_it) {
    const auto settlement = outcome_of_attempt(event_after(3), DeliveryAttempt::done(), noon);
    EXPECT_EQ(settlement.kind, DeliveryOutcome::Kind::delivered);
    EXPECT_EQ(settlement.at, noon);
}

TEST(DeliveryOutcome, of_failures_waits_ever_longer) {
    std::vector<std::chrono::seconds> waits;
    for (int tries = 0; tries < 15; ++tries) {
        const auto settlement = failed(tries);
        EXPECT_EQ(settlement.kind, DeliveryOutcome::Kind::failed);
        EXPECT_EQ(settlement.reason, "refused");
        waits.push_back(std::chrono::duration_cast<std::chrono::seconds>(settlement.next_at - noon)
        );
    }
    const std::vector<std::chrono::seconds> expected{5s, 30s, 2min, 5min, 15min, 30min, 1h, 2h,
                                                     4h, 8h,  12h,  12h,  12h,   12h,   9h};
    EXPECT_EQ(waits, expected);
}

TEST(DeliveryOutcome, gives_up_after_three_days_of_failures) {
    auto now = noon;
    int tries = 0;
    for (auto settlement = failed(0); settlement.kind == DeliveryOutcome::Kind::failed;
         settlement = failed(++tries))
        now += settlement.next_at - noon;
    EXPECT_EQ(tries, 15);
    EXPECT_GT(now, noon + 72h);
    EXPECT_LT(now, noon + 73h);
    EXPECT_EQ(failed(15).kind, DeliveryOutcome::Kind::dead);
    EXPECT_EQ(failed(15).at, noon);
    EXPECT_EQ(failed(15).reason, "refused");
    EXPECT_EQ(failed(1000).kind, DeliveryOutcome::Kind::dead);
}

TEST(DeliveryOutcome, waits_as_long_as_the_receiver_asks_but_no_shorter_and_at_most_an_hour) {
    EXPECT_EQ(failed(0, 90s).next_at, noon + 90s);
    EXPECT_EQ(failed(0, 1s).next_at, noon + 5s);
    EXPECT_EQ(failed(0, 24h).next_at, noon + 1h);
    EXPECT_EQ(failed(8, 90s).next_at, noon + 4h);
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
