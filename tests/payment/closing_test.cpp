// When a person may end an attempt.
#include "payment/closing.hpp"

#include <gtest/gtest.h>

#include "fixtures/facts.hpp"

namespace payments::testing_support {
namespace {

Transaction attempt_that_heard(std::vector<Fact> facts) {
    Transaction transaction{
        .id = 7,
        .ticket_id = 42,
        .code = code("FULL-FEE-EUR-SIMPLE"),
        .amount = eur(22000),
        .account = "M1",
        .email = "eva@example.org",
        .metas = "{}",
        .created_at = noon,
        .expires_at = noon + 30min,
    };
    for (auto& one : facts) transaction.entries.push_back({noon, Source::query, std::move(one)});
    return transaction;
}

Result<Fact> close_after_hearing(std::vector<Fact> facts, Time now = noon + 31min) {
    return request_close(attempt_that_heard(std::move(facts)), {"nobody paid it", "anna"}, now);
}

TEST(Closing, ends_what_may_still_be_paid_after_its_deadline) {
    auto paid_elsewhere = fact(FactKind::foreign_payment, "501");
    paid_elsewhere.amount = eur(22000);
    auto still_payable = fact(FactKind::still_payable);
    still_payable.occurred_at = noon;
    const std::vector<std::vector<Fact>> stories{
        {},
        {fact(FactKind::accepted)},
        {fact(FactKind::unanswered)},
        {fact(FactKind::authorized)},
        {fact(FactKind::claimed)},
        {fact(FactKind::claimed), fact(FactKind::contradicted)},
        {fact(FactKind::mismatched, "its id belongs to another")},
        {paid_elsewhere},
        {fact(FactKind::failed), still_payable},
    };
    for (const auto& story : stories) {
        const auto closed_by_anna = close_after_hearing(story);
        ASSERT_TRUE(closed_by_anna);
        EXPECT_EQ(closed_by_anna->kind, FactKind::closed);
        EXPECT_EQ(closed_by_anna->detail, "by anna: nobody paid it");
        auto all = story;
        all.push_back(*closed_by_anna);
        const auto facts = facts_of(attempt_that_heard(all));
        EXPECT_FALSE(is_live(status(facts)));
        EXPECT_NE(status(facts), Status::review);
        EXPECT_FALSE(holds_fee(facts));
        EXPECT_EQ(close_after_hearing(all).error().code, Errc::not_closable);
    }
}

TEST(Closing, is_refused_while_the_visitor_may_pay_and_once_money_was_taken_or_it_is_over) {
    const auto code_of = [](std::vector<Fact> facts, Time now = noon + 31min) {
        const auto closed_by_anna = close_after_hearing(std::move(facts), now);
        return closed_by_anna ? Errc::internal : closed_by_anna.error().code;
    };
    EXPECT_EQ(code_of({fact(FactKind::accepted)}, noon + 30min), Errc::not_closable);
    EXPECT_EQ(code_of({captured()}), Errc::not_closable);
    EXPECT_EQ(code_of({captured(21000)}), Errc::not_closable);
    EXPECT_EQ(code_of({fact(FactKind::expired)}), Errc::not_closable);
}

TEST(Closing, needs_a_reason) {
    const auto closed_by_anna = request_close(attempt_that_heard({}), {"", "anna"}, noon + 31min);
    EXPECT_EQ(closed_by_anna.error().code, Errc::invalid_request);
    EXPECT_EQ(closed_by_anna.error().wrong.at(0).pointer, "/reason");
}

}  // namespace
}  // namespace payments::testing_support
