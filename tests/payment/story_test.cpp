// What a person is told of a payment's story.
#include "payment/story.hpp"

#include <gtest/gtest.h>

#include "fixtures/facts.hpp"

namespace payments {
namespace {

using namespace testing_support;
using State = RefundStory::State;

Transaction with(std::vector<Fact> facts) {
    Transaction transaction{
        .id = 42,
        .ticket_id = 7,
        .code = code("FULL-FEE-EUR-STRIPE-INTENTS"),
        .amount = eur(22000),
        .account = "live",
        .email = "",
        .metas = "{}",
        .created_at = noon,
        .expires_at = noon,
    };
    for (auto& fact : facts) transaction.entries.push_back({noon, Source::query, std::move(fact)});
    return transaction;
}

Fact order(std::string reference, std::int64_t minor, std::string detail = "by kata: rain") {
    auto made = fact(FactKind::refund_requested, "key-" + reference);
    made.refund = std::move(reference);
    made.amount = eur(minor);
    made.detail = std::move(detail);
    return made;
}

Fact about(FactKind kind, std::string reference) {
    auto made = fact(kind);
    made.refund = std::move(reference);
    return made;
}

std::string states(const Transaction& transaction) {
    std::string words;
    for (const auto& refund : refunds_of(transaction))
        words += (words.empty() ? "" : " ") + std::string{name(refund.state)};
    return words;
}

TEST(Story, each_entry_has_the_status_it_led_to) {
    const auto paid = with(
        {testing_support::accepted("pi_1"), testing_support::captured(),
         testing_support::refunded("re_1", 1000)}
    );
    EXPECT_EQ(
        statuses_of(paid), (std::vector{Status::pending, Status::paid, Status::partially_refunded})
    );
    EXPECT_TRUE(statuses_of(with({})).empty());
    const auto odd = with({testing_support::captured(21000), fact(FactKind::failed)});
    EXPECT_EQ(statuses_of(odd), (std::vector{Status::review, Status::review}));
}

TEST(Story, a_refund_of_ours_is_told_once_with_all_that_became_of_it) {
    const auto refunds = refunds_of(with(
        {testing_support::captured(), order("TR42-R1", 5000),
         testing_support::refunded("re_1", 5000, "TR42-R1")}
    ));
    ASSERT_EQ(refunds.size(), 1U);
    EXPECT_EQ(refunds[0].reference, "TR42-R1");
    EXPECT_EQ(refunds[0].provider_id, "re_1");
    EXPECT_EQ(refunds[0].amount, eur(5000));
    EXPECT_EQ(refunds[0].state, State::made);
    EXPECT_EQ(refunds[0].why, "by kata: rain");
}

TEST(Story, a_refund_stands_where_the_provider_s_last_word_leaves_it) {
    const auto asked = order("TR42-R1", 5000);
    EXPECT_EQ(states(with({asked})), "asked");
    EXPECT_EQ(states(with({asked, about(FactKind::refund_unanswered, "TR42-R1")})), "unknown");
    EXPECT_EQ(states(with({asked, about(FactKind::refund_refused, "TR42-R1")})), "refused");
    auto pending = testing_support::refunded("re_1", 5000, "TR42-R1");
    pending.kind = FactKind::refund_pending;
    EXPECT_EQ(states(with({asked, pending})), "pending");
    EXPECT_EQ(
        states(with({asked, pending, testing_support::refunded("re_1", 5000, "TR42-R1")})), "made"
    );
    EXPECT_EQ(states(with({asked, pending, fact(FactKind::refund_failed, "re_1")})), "failed");
    // Late words change nothing: the money went.
    EXPECT_EQ(
        states(with(
            {asked, testing_support::refunded("re_1", 5000, "TR42-R1"),
             about(FactKind::refund_refused, "TR42-R1"), pending}
        )),
        "made"
    );
}

TEST(Story, refunds_made_at_the_provider_are_told_beside_ours) {
    const auto mixed = with(
        {testing_support::captured(), testing_support::refunded("re_0", 1000),
         order("TR42-R1", 5000), testing_support::refunded("re_0", 1000)}
    );
    const auto refunds = refunds_of(mixed);
    ASSERT_EQ(refunds.size(), 2U);
    EXPECT_EQ(refunds[0].reference, "");
    EXPECT_EQ(refunds[0].provider_id, "re_0");
    EXPECT_EQ(refunds[1].reference, "TR42-R1");
    EXPECT_EQ(states(mixed), "made asked");
}

TEST(Story, only_stripe_has_a_page_for_a_payment) {
    auto transaction = with({});
    EXPECT_EQ(provider_page(transaction), "");
    transaction.provider_id = "pi_1";
    EXPECT_EQ(provider_page(transaction), "https://dashboard.stripe.com/payments/pi_1");
    transaction.account = "test";
    EXPECT_EQ(provider_page(transaction), "https://dashboard.stripe.com/test/payments/pi_1");
    transaction.code = code("FULL-FEE-EUR-SIMPLE");
    EXPECT_EQ(provider_page(transaction), "");
}

TEST(Story, an_address_is_masked_so_that_it_can_be_recognised_and_not_used) {
    EXPECT_EQ(mask_email("kovacs@example.hu"), "k***s@e***.hu");
    EXPECT_EQ(mask_email("ab@x.hu"), "a***@x***.hu");
    EXPECT_EQ(mask_email("a@x.hu"), "a***@x***.hu");
    EXPECT_EQ(mask_email("éváé@őrség.hu"), "é***é@ő***.hu");
    EXPECT_EQ(mask_email("a.b@sub.example.co.uk"), "a***b@s***.uk");
    EXPECT_EQ(mask_email(""), "");
    for (const auto* text : {"nobody", "@x.hu", "a@", "a@x", "eva@x.hu,Kovacs", "a@x.hu b@y.hu"})
        EXPECT_EQ(mask_email(text), "***") << text;
    EXPECT_EQ(mask_email("\"Kovacs\"@x.hu"), "***");
}

TEST(Story, names_are_told_by_their_initials) {
    EXPECT_EQ(initials("Kovács Éva"), "K. É.");
    EXPECT_EQ(initials("  Őry   Anna Mária "), "Ő. A. M.");
    EXPECT_EQ(initials(""), "");
}

}  // namespace
}  // namespace payments
