// What a person must look at, and since when.
#include "payment/review.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "fixtures/facts.hpp"

namespace payments {
namespace {

using namespace testing_support;

// An attempt that has heard `facts`, one each minute from a minute past noon on.
Transaction heard(std::vector<Fact> facts) {
    const auto code = Code::parse("FULL-FEE-EUR-SIMPLE").value();
    Transaction transaction{
        .id = 7,
        .ticket_id = 42,
        .code = code,
        .amount = eur(22000),
        .account = "M1",
        .email = "eva@example.org",
        .metas = "{}",
        .created_at = noon,
        .expires_at = noon + 30min,
    };
    auto at = noon;
    for (auto& fact : facts) transaction.entries.push_back({at += 1min, Source::query, fact});
    return transaction;
}

Fact money(FactKind kind, std::int64_t minor, std::string subject = "", std::string refund = "") {
    auto made = fact(kind, std::move(subject));
    made.amount = eur(minor);
    made.refund = std::move(refund);
    return made;
}

Fact at(int minute, FactKind kind) {
    auto told = fact(kind);
    told.occurred_at = noon + std::chrono::minutes{minute};
    return told;
}

// "kind@minutes past noon", by which a test says what it expects.
std::string concerns(const std::vector<Fact>& facts, Time now) {
    std::string text;
    for (const auto& concern : concerns_of(heard(facts), now))
        text += (text.empty() ? "" : " ") + std::string{name(concern.kind)} + "@" +
                std::to_string((concern.since - noon) / 1min);
    return text;
}

using enum FactKind;
const auto paid = money(captured, 22000);
const auto soon = noon + 30min, later = noon + 3h;

struct Story {
    std::string_view what;
    std::vector<Fact> facts;
    std::string_view soon, later;
};

void expect_listed(const std::vector<Story>& stories) {
    for (const auto& story : stories) {
        EXPECT_EQ(concerns(story.facts, soon), story.soon) << story.what;
        EXPECT_EQ(concerns(story.facts, later), story.later) << story.what;
    }
}

TEST(Review, every_kind_is_listed_when_it_is_so_and_not_before) {
    expect_listed({
        {"paid as agreed", {fact(accepted), paid}, "", ""},
        {"another amount", {fact(accepted), money(captured, 21000)}, "mismatch@2", "mismatch@2"},
        {"another amount, given back",
         {money(captured, 21000), money(refunded, 21000, "r1")},
         "",
         ""},
        {"claimed and denied",
         {fact(claimed), fact(contradicted)},
         "contradiction@2",
         "contradiction@2"},
        {"claimed and denied, then paid", {fact(claimed), fact(contradicted), paid}, "", ""},
        {"paid twice", {paid, fact(duplicate, "TR1")}, "duplicate@2", "duplicate@2"},
        {"paid twice, given back",
         {paid, fact(duplicate, "TR1"), money(refunded, 22000, "r1")},
         "",
         ""},
        {"claimed", {fact(accepted), fact(claimed)}, "", "unconfirmed@2"},
        {"no answer", {fact(unanswered)}, "", "unknown@1"},
        {"no answer, then open", {fact(unanswered), fact(accepted)}, "", "overdue@150"},
        {"open, and ended by a person", {fact(accepted), fact(closed)}, "", ""},
        {"blocked", {fact(accepted), money(authorized, 22000)}, "", "authorized@2"},
        {"blocked, then taken", {money(authorized, 22000), paid}, "", ""},
        {"over here, open at the provider",
         {fact(failed), at(1, still_payable)},
         "",
         "still_payable@2"},
        {"over here, and then there too",
         {fact(failed), at(1, still_payable), at(2, no_longer_payable)},
         "",
         ""},
        {"over here, and open there again",
         {fact(failed), at(1, still_payable), at(2, no_longer_payable), at(3, still_payable)},
         "",
         "still_payable@4"},
        {"over here, and an older word that it is open there",
         {fact(failed), at(2, no_longer_payable), at(1, still_payable)},
         "",
         ""},
        {"over here, open at the provider, and a person has closed it",
         {fact(failed), at(1, still_payable), fact(closed)},
         "",
         ""},
        {"over here, open at the provider, and paid there",
         {fact(failed), at(1, still_payable), paid},
         "",
         ""},
        {"a refund without an answer",
         {paid, money(refund_requested, 500, "", "TR7-R1")},
         "",
         "refund_unknown@2"},
        {"a refund that was refused",
         {paid, money(refund_requested, 500, "", "TR7-R1"),
          money(refund_refused, 500, "", "TR7-R1")},
         "",
         ""},
        {"a refund that came back",
         {paid, money(refunded, 500, "r1"), fact(refund_failed, "r1")},
         "refund_failed@3",
         "refund_failed@3"},
        {"its number was spent", {fact(foreign_payment)}, "", ""},
        {"its number was spent by a payment that was made",
         {fact(foreign_payment), money(foreign_payment, 22000, "501")},
         "foreign_payment@2",
         "foreign_payment@2"},
    });
}

TEST(Review, what_banks_and_issuers_say_is_listed_until_it_is_over) {
    expect_listed({
        {"a dispute", {paid, fact(disputed, "d1")}, "dispute@2", "dispute@2"},
        {"a dispute that is over", {paid, fact(disputed, "d1"), fact(dispute_lost, "d1")}, "", ""},
        {"a dispute in an unknown word",
         {paid, fact(dispute_unclear, "d1")},
         "dispute@2",
         "dispute@2"},
        {"an inquiry", {paid, fact(inquiry, "d1")}, "inquiry@2", "inquiry@2"},
        {"an inquiry that became a dispute",
         {paid, fact(inquiry, "d1"), fact(disputed, "d1")},
         "dispute@3",
         "dispute@3"},
        {"an inquiry that is over",
         {paid, fact(inquiry, "d1"), fact(inquiry_closed, "d1")},
         "",
         ""},
        {"a prevented dispute", {paid, fact(dispute_prevented, "d1")}, "", ""},
        {"a warning of fraud",
         {paid, fact(fraud_warning, "w1")},
         "fraud_warning@2",
         "fraud_warning@2"},
        {"a warning of fraud, given back",
         {paid, fact(fraud_warning, "w1"), money(refunded, 22000, "r1")},
         "",
         ""},
        {"a warning of fraud, and the dispute",
         {paid, fact(fraud_warning, "w1"), fact(disputed, "d1")},
         "dispute@3",
         "dispute@3"},
    });
}

TEST(Review, whatever_is_listed_at_any_time_is_watched) {
    const std::vector<std::vector<Fact>> stories{
        {money(captured, 21000)},
        {fact(claimed)},
        {fact(unanswered)},
        {money(authorized, 22000)},
        {paid, money(refund_requested, 500, "", "TR7-R1")},
        {paid, money(refunded, 500, "r1"), fact(refund_failed, "r1")},
        {paid, fact(disputed, "d1")},
        {paid, fact(dispute_unclear, "d1")},
        {paid, fact(inquiry, "d1")},
        {paid, fact(fraud_warning, "w1")},
        {money(foreign_payment, 22000, "501")},
        {fact(failed), at(1, still_payable)},
    };
    for (const auto& facts : stories) {
        EXPECT_FALSE(concerns(facts, later).empty());
        EXPECT_TRUE(may_concern(learn_all(facts, heard({}).terms())));
    }
    EXPECT_FALSE(may_concern(learn_all(std::vector{fact(accepted), paid}, heard({}).terms())));
}

TEST(Review, a_refund_after_one_that_came_back_is_the_answer_to_it) {
    EXPECT_EQ(
        concerns(
            {paid, money(refunded, 500, "r1"), fact(refund_failed, "r1"),
             money(refund_requested, 500, "", "TR7-R1"), money(refunded, 500, "r2", "TR7-R1")},
            later
        ),
        ""
    );
}

TEST(Review, a_refund_that_came_back_is_listed_until_the_money_is_gone) {
    const std::vector<Fact> came_back{paid, money(refunded, 500, "r1"), fact(refund_failed, "r1")};
    const auto followed_by = [&](Fact next) {
        auto facts = came_back;
        facts.push_back(std::move(next));
        return concerns(facts, later);
    };
    EXPECT_EQ(followed_by(money(refunded, 500, "r1")), "refund_failed@3") << "heard once more";
    EXPECT_EQ(followed_by(money(refunded, 500, "r2")), "") << "at the provider's desk";
    EXPECT_EQ(followed_by(fact(dispute_lost, "d1")), "") << "the bank has given it back";
}

TEST(Review, one_transaction_can_be_listed_for_several_reasons) {
    EXPECT_EQ(
        concerns({money(captured, 21000), fact(disputed, "d1")}, soon), "mismatch@1 dispute@2"
    );
}

TEST(Review, a_warning_of_fraud_leaves_the_list_after_thirty_days) {
    const std::vector<Fact> warned{paid, fact(fraud_warning, "w1")};
    EXPECT_EQ(concerns(warned, noon + 29 * 24h), "fraud_warning@2");
    EXPECT_EQ(concerns(warned, noon + 31 * 24h), "");
}

TEST(Review, a_dispute_says_whose_how_much_and_until_when) {
    auto first = money(disputed, 21000, "d1");
    first.occurred_at = noon;
    first.detail = "fraudulent, to be answered by 2026-03-09T23:59:59+00:00";
    auto later_word = first;
    later_word.occurred_at = noon + 1h;
    later_word.detail = "fraudulent";
    const auto reason = [](const std::vector<Fact>& facts) {
        return concerns_of(heard(facts), later).at(0).reason;
    };
    EXPECT_EQ(
        reason({paid, first}),
        "the card holder disputes the payment: d1, 210 EUR, fraudulent, to be answered by "
        "2026-03-09T23:59:59+00:00"
    );
    const std::string newest = "the card holder disputes the payment: d1, 210 EUR, fraudulent";
    EXPECT_EQ(reason({paid, first, later_word}), newest);
    EXPECT_EQ(reason({paid, later_word, first}), newest);

    auto asked = fact(inquiry, "d2");
    asked.detail = "general";
    EXPECT_EQ(reason({paid, asked}), "the bank asks about the payment: d2, general");
    auto warned = fact(fraud_warning, "w1");
    warned.detail = "made_with_stolen_card";
    EXPECT_EQ(reason({paid, warned}), "the card's issuer reports fraud: w1, made_with_stolen_card");
}

TEST(Review, reasons_are_for_people) {
    const auto reason = [](const std::vector<Fact>& facts) {
        return concerns_of(heard(facts), later).at(0).reason;
    };
    EXPECT_EQ(
        reason({money(captured, 21000)}), "amount differs: 210 EUR captured instead of 220 EUR"
    );
    EXPECT_EQ(
        reason({paid, money(refund_requested, 550, "", "TR7-R1")}),
        "whether refund TR7-R1 of 5.5 EUR was made is unknown"
    );
}

TEST(Review, every_kind_has_a_name_and_says_what_to_do) {
    for (std::size_t i = 0; i < review_kinds; ++i) {
        EXPECT_FALSE(name(static_cast<ReviewKind>(i)).empty());
        EXPECT_GT(what_to_do(static_cast<ReviewKind>(i)).size(), 20u);
    }
}

TEST(ReviewCursor, is_read_back_as_it_was_written) {
    const ReviewCursor place{noon, ReviewKind::dead_letter, 17};
    EXPECT_EQ(ReviewCursor::parse(place.text()), place);
    for (const auto* bad :
         {"", "1", "1-2", "1-2-", "1-2-3-", "a-2-3", "1-99-3", "-1-2-3", "1--2-3"})
        EXPECT_FALSE(ReviewCursor::parse(bad)) << bad;
}

TEST(ReviewCursor, the_older_comes_first) {
    EXPECT_LT(
        (ReviewCursor{noon, ReviewKind::dispute, 9}),
        (ReviewCursor{noon + 1ms, ReviewKind::mismatch, 1})
    );
    EXPECT_LT(
        (ReviewCursor{noon, ReviewKind::mismatch, 9}), (ReviewCursor{noon, ReviewKind::dispute, 1})
    );
}

}  // namespace
}  // namespace payments
