#include "settlement/outgoing_settlements.hpp"

#include <gtest/gtest.h>

#include "settlement/world.hpp"

// What others are told of settlements (docs/settlements.md, 12).
namespace payments::settlement {
namespace {

using namespace world;

std::vector<std::string> data_of(const Report& report) {
    std::vector<std::string> list;
    for (const auto& told : told_in(report)) list.push_back(told.data);
    return list;
}

TEST(ToldOfSettlements, is_where_payouts_and_findings_stand_and_nothing_of_a_bank_but_amounts) {
    auto entry = credit(777, "", "SIMPLEPAY ZRT.", "Kovacs Anna reszere");
    const auto report = matched(
        {stripe_payment(1, 5'000'000, "a")},
        {settlement_file(
             {stripe_charge("a", 5'000'000, 0, "po_1")}, {stripe_payout("po_1", 5'000'000)}
         ),
         bank_file({stripe_credit(5'000'000, "1", "po_1"), entry})}
    );
    const auto told = told_in(report);
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0].type, "settlement.finding");
    EXPECT_EQ(told[0].about, "finding " + report.findings.at(0).key);
    EXPECT_EQ(
        told[0].data, "{\"key\":\"" + report.findings[0].key +
                          "\",\"kind\":\"bank_credit_unknown\",\"subject\":null,\"processor\":"
                          "\"SIMPLE\",\"account\":\"" +
                          bank_account + "\",\"currency\":\"HUF\",\"amount_minor\":777,"
                                         "\"state\":\"open\"}"
    );
    EXPECT_EQ(told[1].about, "payout STRIPE-INTENTS live HUF po_1");
    EXPECT_EQ(
        told[1].data,
        R"({"processor":"STRIPE-INTENTS","account":"live","payout_id":"po_1","currency":"HUF",)"
        R"("amount_minor":5000000,"state":"paid_out","arrival":"2026-07-08",)"
        R"("bank_day":"2026-07-08","bank_amount_minor":5000000,"bank_charges_minor":0,)"
        R"("adds_up":true})"
    );
    // It is closed once, and a payout never.
    const auto closed = told_closed(told[0]);
    ASSERT_TRUE(closed);
    EXPECT_NE(closed->data.find("\"state\":\"closed\""), std::string::npos);
    EXPECT_FALSE(told_closed(*closed));
    EXPECT_FALSE(told_closed(told[1]));
}

TEST(ToldOfSettlements, leaves_out_what_is_on_its_way) {
    const auto file = settlement_file(
        {stripe_charge("a", 5'000'000, 0, "po_1")}, {stripe_payout("po_1", 5'000'000)}
    );
    EXPECT_TRUE(data_of(matched({stripe_payment(1, 5'000'000, "a")}, {file})).empty());
}

}  // namespace
}  // namespace payments::settlement
