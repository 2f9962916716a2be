#include "payment/options.hpp"

#include <gtest/gtest.h>

using namespace payments;
using namespace std::chrono_literals;

namespace {

const Time now = Time{} + std::chrono::hours{24 * 365 * 50};
const Accounts accounts{{Processor::simplepay, {"EUR", "HUF"}}, {Processor::stripe, {"EUR"}}};

TemplateOption option(std::string code, std::string amount = "220") {
    TemplateOption o;
    o.code = std::move(code);
    o.amount = std::move(amount);
    return o;
}

std::string offered(const std::vector<TemplateOption>& options, const TicketSituation& ticket) {
    std::string text;
    for (const auto& offer : offers(options, ticket, accounts, now).offers)
        text += (text.empty() ? "" : " ") + offer.code.text() + "=" + offer.amount.decimal();
    return text;
}

TicketSituation registered() { return {"registered", {}, {}, false}; }

}  // namespace

TEST(Options, are_offered_in_the_order_of_the_template) {
    EXPECT_EQ(
        offered({option("B-EUR-SIMPLE", "1"), option("A-EUR-STRIPE-INTENTS", "2.5")}, registered()),
        "B-EUR-SIMPLE=1 A-EUR-STRIPE-INTENTS=2.5"
    );
}

TEST(Options, without_a_merchant_account_in_that_currency_are_not_offered) {
    EXPECT_EQ(offered({option("A-HUF-STRIPE-INTENTS"), option("A-USD-SIMPLE")}, registered()), "");
}

TEST(Options, of_another_ticket_status_are_not_offered) {
    auto paid_only = option("A-EUR-SIMPLE");
    paid_only.ticket_statuses = {"paid"};
    auto ticket = registered();
    EXPECT_EQ(offered({paid_only}, ticket), "");
    ticket.status = "paid";
    EXPECT_EQ(offered({paid_only, option("B-EUR-SIMPLE")}, ticket), "A-EUR-SIMPLE=220");
}

TEST(Options, are_open_from_their_first_moment_to_just_before_their_last) {
    auto phase = option("A-EUR-SIMPLE");
    phase.valid_from = now;
    phase.valid_until = now + 1ms;
    EXPECT_EQ(offered({phase}, registered()), "A-EUR-SIMPLE=220");
    phase.valid_until = now;
    EXPECT_EQ(offered({phase}, registered()), "");
    phase.valid_from = now + 1ms;
    phase.valid_until.reset();
    EXPECT_EQ(offered({phase}, registered()), "");
}

TEST(Options, of_a_fee_that_counts_as_paid_are_not_offered_in_any_currency) {
    auto ticket = registered();
    ticket.fees_held = {"A"};
    EXPECT_EQ(
        offered({option("A-EUR-SIMPLE"), option("A-HUF-SIMPLE"), option("B-EUR-SIMPLE")}, ticket),
        "B-EUR-SIMPLE=220"
    );
}

TEST(Options, of_a_transferred_ticket_cost_its_transfer_price) {
    auto transfer = option("A-EUR-SIMPLE");
    transfer.ticket_statuses = {"transferred"};
    auto in_forints = option("A-HUF-SIMPLE", "89900");
    in_forints.ticket_statuses = {"transferred"};
    const TicketSituation ticket{"transferred", {{"transfer_price_eur", "150.5"}}, {}, true};

    EXPECT_EQ(
        offered({transfer, in_forints, option("B-EUR-SIMPLE")}, ticket), "A-EUR-SIMPLE=150.5"
    );
    EXPECT_TRUE(offers({in_forints}, ticket, accounts, now).defects.empty());
}

TEST(Options, with_an_amount_that_is_missing_or_wrong_are_not_offered_and_reported) {
    auto missing = option("A-EUR-SIMPLE");
    missing.amount.reset();
    for (const auto& bad :
         {missing, option("A-EUR-SIMPLE", "-1"), option("A-EUR-SIMPLE", "1.234"),
          option("A-HUF-SIMPLE", "1.5"), option("A-EUR", "1")}) {
        const auto result = offers({bad}, registered(), accounts, now);
        EXPECT_TRUE(result.offers.empty());
        ASSERT_EQ(result.defects.size(), 1U);
        EXPECT_FALSE(result.defects[0].reason.empty());
    }
}

TEST(Options, that_their_processor_would_not_take_are_not_offered_and_reported) {
    const Objection objection = [](Processor processor, Money amount) {
        const bool is_too_little = processor == Processor::stripe && amount.minor() < 50;
        return is_too_little ? std::string{"too little"} : std::string{};
    };
    const std::vector<TemplateOption> all{
        option("A-EUR-STRIPE-INTENTS", "0.3"), option("B-EUR-STRIPE-INTENTS", "0.5"),
        option("C-EUR-STRIPE-INTENTS", "0"), option("A-EUR-SIMPLE", "0.3")};
    const auto result = offers(all, registered(), accounts, now, objection);
    ASSERT_EQ(result.offers.size(), 3U);
    EXPECT_EQ(result.offers[1].code.text(), "C-EUR-STRIPE-INTENTS") << "nothing is to be taken";
    ASSERT_EQ(result.defects.size(), 1U);
    EXPECT_EQ(result.defects[0].code, "A-EUR-STRIPE-INTENTS");
    EXPECT_EQ(result.defects[0].reason, "too little");
}

TEST(Options, without_a_code_are_left_out_alone) {
    const auto result = offers({option(""), option("A-EUR-SIMPLE")}, registered(), accounts, now);
    ASSERT_EQ(result.offers.size(), 1U);
    EXPECT_EQ(result.defects.size(), 1U);
}

TEST(Options, with_an_unreadable_member_are_not_offered_and_reported) {
    auto unreadable = option("A-EUR-SIMPLE");
    unreadable.unreadable = "valid_from is no time";
    const auto result = offers({unreadable}, registered(), accounts, now);
    EXPECT_TRUE(result.offers.empty());
    EXPECT_EQ(result.defects.at(0).reason, "valid_from is no time");
}

TEST(Options, take_their_title_from_the_code_when_the_template_has_none) {
    auto titled = option("B-EUR-SIMPLE");
    titled.title = "Early bird";
    titled.note = "until May";
    const auto result =
        offers({option("FULL-FEE-EUR-SIMPLE"), titled}, registered(), accounts, now);
    EXPECT_EQ(result.offers.at(0).title, "Full fee");
    EXPECT_EQ(result.offers.at(0).note, "");
    EXPECT_EQ(result.offers.at(1).title, "Early bird");
    EXPECT_EQ(result.offers.at(1).note, "until May");
}

TEST(Options, may_be_free) {
    EXPECT_EQ(offered({option("A-EUR-SIMPLE", "0")}, registered()), "A-EUR-SIMPLE=0");
}

TEST(Options, with_the_same_code_twice_offer_the_first) {
    const auto result = offers(
        {option("A-EUR-SIMPLE", "1"), option("A-EUR-SIMPLE", "2")}, registered(), accounts, now
    );
    ASSERT_EQ(result.offers.size(), 1U);
    EXPECT_EQ(result.offers[0].amount.decimal(), "1");
    EXPECT_EQ(result.defects.size(), 1U);
}
