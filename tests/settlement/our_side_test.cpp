// Our side of settlements, made of our own facts (docs/settlements.md, 3).
#include "settlement/our_side.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fixtures/facts.hpp"
#include "settlement/records.hpp"

namespace payments::settlement {
namespace {

using namespace std::chrono_literals;
using testing_support::accepted;
using testing_support::captured;
using testing_support::code;
using testing_support::eur;
using testing_support::fact;
using testing_support::refunded;

const Time start = testing_support::noon;

// With these facts, learned a minute apart.
Transaction with(const std::vector<Fact>& facts) {
    Transaction transaction{
        .id = 42,
        .ticket_id = 7,
        .code = code("FULL-FEE-EUR-STRIPE-INTENTS"),
        .amount = eur(22'000),
        .account = "live",
        .email = "eva@example.org",
        .metas = "{}",
        .created_at = start,
        .expires_at = start + 30min};
    for (const auto& one : facts)
        transaction.entries.push_back(
            {start + std::ssize(transaction.entries) * 1min, Source::webhook, one}
        );
    const auto known = facts_of(transaction);
    transaction.status = status(known);
    transaction.provider_id = "pi_42";
    return transaction;
}

Books read_back(const OurTransaction& ours, const std::vector<Decision>& decisions = {}) {
    return read_books(books_head(start) + written(ours) + books_tail(decisions)).value();
}

TEST(OurSide, what_was_captured_counts_not_what_was_asked_for) {
    const auto ours = our_side_of(with({accepted("pi_42"), captured(21'000)}));
    EXPECT_EQ(ours.reference, "TR42");
    EXPECT_EQ(ours.minor, 21'000);
    EXPECT_EQ(ours.paid_at, start + 1min);
    EXPECT_EQ(ours.ticket_id, 7);
    EXPECT_EQ(ours.fee_type, "FULL-FEE");
}

TEST(OurSide, what_moved_no_money_has_no_moment_of_payment) {
    const auto ours = our_side_of(with({accepted("pi_42"), fact(FactKind::failed)}));
    EXPECT_EQ(ours.paid_at, std::nullopt);
    EXPECT_EQ(read_back(ours).transactions.at(0).paid_at, std::nullopt);
    EXPECT_EQ(read_back(ours).transactions.at(0).status, Status::failed);
}

TEST(OurSide, refunds_have_our_name_or_the_providers) {
    auto failed = fact(FactKind::refund_failed, "re_1");
    const auto ours = our_side_of(
        with({captured(), refunded("re_1", 500, "TR42-R1"), refunded("re_2", 700), failed})
    );
    ASSERT_EQ(ours.refunds.size(), 2U);
    EXPECT_EQ(ours.refunds[0].name, "TR42-R1");
    EXPECT_EQ(ours.refunds[0].failed_at, start + 3min);
    EXPECT_EQ(ours.refunds[1].name, "re_2");
    EXPECT_EQ(ours.refunds[1].minor, 700);
    EXPECT_EQ(ours.refunds[1].failed_at, std::nullopt);
}

TEST(OurSide, a_dispute_takes_money_and_gives_it_back) {
    auto opened = fact(FactKind::disputed, "du_1");
    opened.amount = eur(22'000);
    opened.occurred_at = start + 2min;
    auto won = fact(FactKind::dispute_won, "du_1");
    won.occurred_at = start + 3min;
    const auto asked = fact(FactKind::inquiry, "du_2");
    const auto ours = our_side_of(with({captured(), opened, won, asked}));
    ASSERT_EQ(ours.disputes.size(), 1U);
    EXPECT_EQ(ours.disputes[0].provider_id, "du_1");
    EXPECT_EQ(ours.disputes[0].minor, 22'000);
    EXPECT_TRUE(ours.disputes[0].won_at);
}

TEST(OurSide, a_dispute_that_was_lost_has_its_moment_and_moves_nothing_more) {
    auto opened = fact(FactKind::disputed, "du_1");
    opened.amount = eur(22'000);
    opened.occurred_at = start + 2min;
    auto lost = fact(FactKind::dispute_lost, "du_1");
    lost.occurred_at = start + 3min;
    const auto ours = our_side_of(with({captured(), opened, lost}));
    ASSERT_EQ(ours.disputes.size(), 1U);
    EXPECT_EQ(ours.disputes[0].lost_at, start + 2min);
    EXPECT_EQ(ours.disputes[0].won_at, std::nullopt);
    EXPECT_EQ(read_back(ours).transactions.at(0).disputes.at(0).lost_at, start + 2min);
}

TEST(OurSide, what_was_captured_before_files_were_kept_is_awaited_in_none) {
    const auto transaction = with({captured()});
    EXPECT_FALSE(our_side_of(transaction).is_settled_before);
    EXPECT_FALSE(our_side_of(transaction, start).is_settled_before);
    EXPECT_TRUE(our_side_of(transaction, start + 1ms).is_settled_before);
}

TEST(OurSide, a_second_capture_is_known_where_the_provider_has_taken_two_payments_for_one) {
    auto first = captured(), second = captured();
    first.provider_id = "pi_1";
    second.provider_id = "pi_2";
    EXPECT_TRUE(our_side_of(with({first, second})).is_duplicate_known);
    EXPECT_FALSE(our_side_of(with({first, first, captured()})).is_duplicate_known);
}

// It has a line of its own: a second one is money that nobody knows of.
TEST(OurSide, another_payment_of_the_fee_is_no_second_capture) {
    const auto second = fact(FactKind::duplicate, "TR7");
    EXPECT_FALSE(our_side_of(with({captured(), second})).is_duplicate_known);
}

TEST(OurSide, books_that_were_written_are_read_as_they_were) {
    auto opened = fact(FactKind::disputed, "du_1");
    opened.amount = eur(22'000);
    opened.occurred_at = start;
    auto ours = our_side_of(
        with(
            {captured(), refunded("re_1", 500, "TR42-R1"), fact(FactKind::refund_failed, "re_1"),
             opened}
        ),
        start + 1h
    );
    ours.charge_id = "ch_42";
    const auto books = read_back(ours, {{"0123456789abcdef", 5, "HUF", "why \"so\""}});
    EXPECT_EQ(books.as_of, start);
    ASSERT_EQ(books.transactions.size(), 1U);
    EXPECT_EQ(written(books.transactions[0]), written(ours));
    EXPECT_TRUE(books.transactions[0].is_settled_before);
    EXPECT_EQ(books.transactions[0].refunds.at(0).failed_at, ours.refunds.at(0).failed_at);
    ASSERT_EQ(books.decisions.size(), 1U);
    EXPECT_EQ(books.decisions[0].reason, "why \"so\"");
    EXPECT_EQ(books.decisions[0].minor, 5);
}

TEST(OurSide, books_without_transactions_are_books) {
    EXPECT_EQ(read_books(books_head(start) + books_tail({})).value().transactions.size(), 0U);
}

// A finding is about a sum of lines, which may be more than one line may have.
TEST(OurSide, decisions_are_read_back_whatever_their_sum) {
    const std::vector<Decision> decisions{{"0123456789abcdef", 3 * amount_limit_minor, "HUF", ""}};
    const auto books = read_back(our_side_of(with({captured()})), decisions);
    EXPECT_EQ(books.decisions.at(0).minor, 3 * amount_limit_minor);
}

Fact any_fact() {
    const auto kind = *rc::gen::inRange(0, static_cast<int>(FactKind::mismatched) + 1);
    auto made = fact(static_cast<FactKind>(kind));
    made.subject = *rc::gen::element<std::string>("", "re_1", "re_2", "du_1", "TR7", "TR7 #2");
    const auto currency = *rc::gen::element<std::string>("EUR", "USD", "HUF");
    if (*rc::gen::arbitrary<bool>())
        made.amount = Money::of(
                          *rc::gen::element<std::int64_t>(0, 100, 22'000, 100'000),
                          Currency::of(currency).value()
        )
                          .value();
    made.refund = *rc::gen::element<std::string>("", "TR42-R1", "TR42-R2");
    if (*rc::gen::arbitrary<bool>())
        made.occurred_at = start + std::chrono::minutes{*rc::gen::inRange(-3, 9)};
    return made;
}

// Whatever was heard of a payment, in whatever order, its books can be read.
RC_GTEST_PROP(OurSideOf, any_facts_is_read_back_as_it_was_written, ()) {
    const auto count = *rc::gen::inRange(0, 9);
    std::vector<Fact> facts;
    for (int i = 0; i < count; ++i) facts.push_back(any_fact());
    const auto ours = our_side_of(with(facts));
    const auto books = read_books(books_head(start) + written(ours) + books_tail({}));
    if (!books) RC_FAIL(books.error().detail + ": " + written(ours));
    RC_ASSERT(written(books->transactions.at(0)) == written(ours));
}

}  // namespace
}  // namespace payments::settlement
