#include <gtest/gtest.h>

#include "settlement/readers/reading.hpp"

// Stripe's reports and lists (docs/providers/stripe.md, 14).
namespace payments::settlement {
namespace {

const std::string report = "stripe-payout_reconciliation.itemized.5.csv";
const std::string list = "stripe-balance_transactions-po_S1.json";

TEST(StripeCsv, is_read_by_the_names_of_its_columns) {
    EXPECT_EQ(recognise(sample(report)), Format::stripe_csv);
    const Told expected{
        "charge txn_S1 ch_S2001 ch_S2001 pi_S2001 TR2001, 10400000 - 164500 = 10235500 HUF, facing "
        "10400000 HUF, 2026-06-29 po_S1 @2",
        "charge txn_S2 ch_S2002 ch_S2002 pi_S2002 TR2002, 5250000 - 87250 = 5162750 HUF, facing "
        "5250000 HUF, 2026-06-29 po_S1 @3",
        "charge txn_S3 ch_S2003 ch_S2003 pi_S2003 TR2003, 10400000 - 346500 = 10053500 HUF, facing "
        "10400000 HUF, 2026-06-30 po_S1 @4",
        "refund txn_S4 re_S2003 ch_S2003 pi_S2003 TR2003, -10400000 - 0 = -10400000 HUF, facing "
        "-10400000 HUF, 2026-07-02 po_S1 @5",
        "dispute txn_S5 du_S2004 ch_S2004 pi_S2004 TR2004, -10400000 - 600000 = -11000000 HUF, "
        "facing -10400000 HUF, 2026-07-03 po_S1 @6",
        "fee txn_S6    , -15000 - 0 = -15000 HUF, 2026-07-04 po_S1 @7",
        "charge txn_S7 ch_S2006 ch_S2006 pi_S2006 TR2006, 8780000 - 315800 = 8464200 HUF, facing "
        "25000 USD, 2026-07-01 po_S1 @8",
        "charge txn_S8 ch_S2005 ch_S2005 pi_S2005 TR2005, 22000 - 355 = 21645 EUR, facing 22000 "
        "EUR, "
        "2026-07-01 po_S2 @9",
        "payout live po_S1 - HUF 0 2026-07-08 TRACE-po_S1 automatic @2",
        "payout live po_S2 - EUR 0 2026-07-08 TRACE-po_S2 automatic @9"};
    EXPECT_EQ(tell(read_file(sample(report), {})), expected);
}

TEST(StripeCsv, needs_six_columns_alone_and_takes_any_form_of_forints) {
    const auto read = [](const std::string& gross, const std::string& fee, const std::string& net) {
        return tell(read_file(
            "net,fee,gross,currency,balance_transaction_id,reporting_category\n\"" + net + "\",\"" +
                fee + "\",\"" + gross + "\",HUF,txn_1,charge\n",
            {.account = "test", .payout = "po_1"}
        ));
    };
    const Told expected{
        "charge txn_1    , 5250000 - 87250 = 5162750 HUF, - po_1 @2",
        "payout test po_1 - HUF 0 -  @2"};
    EXPECT_EQ(read("52500.00", "872.50", "51627.50"), expected);
    EXPECT_EQ(read("52500", "872.5", "51627.50"), expected);
    EXPECT_EQ(read("52500,00", "872,50", "51627,50"), expected);
    EXPECT_EQ(
        read("52500.00", "872,50", "51627.50"),
        Told{"line 2, column 2: amounts are written with a point and with a comma"}
    );
}

TEST(StripeCsv, takes_the_charge_from_the_source_where_no_column_has_it) {
    const std::string header =
        "balance_transaction_id,currency,gross,fee,net,reporting_category,source_id\n";
    EXPECT_EQ(
        tell(read_file(
            header +
                "txn_1,eur,-5.00,0.00,-5.00,refund,ch_1\ntxn_2,eur,-5.00,0.00,-5.00,refund,re_2\n",
            {}
        )),
        (Told{
            "refund txn_1 ch_1 ch_1  , -500 - 0 = -500 EUR, -  @2",
            "refund txn_2 re_2   , -500 - 0 = -500 EUR, -  @3"})
    );
}

TEST(StripeCsv, knows_categories_and_keeps_those_that_it_does_not) {
    const auto kind = [](const std::string& category, const std::string& source) {
        const auto file = read_file(
            "balance_transaction_id,currency,gross,fee,net,reporting_category,source_id\n"
            "txn_1,huf,-5.00,0.00,-5.00," +
                category + "," + source + "\n",
            {}
        );
        if (!file->payouts.empty()) return "payout of " + tell(file->payouts[0].amount_minor);
        return std::string{name(file->lines[0].kind)} + " " + file->lines[0].kind_as_written;
    };
    EXPECT_EQ(kind("refund_failure", "re_1"), "refund_failure refund_failure");
    EXPECT_EQ(kind("dispute_reversal", "du_1"), "dispute_reversal dispute_reversal");
    EXPECT_EQ(kind("network_cost", ""), "fee network_cost");
    EXPECT_EQ(kind("tax", ""), "tax tax");
    EXPECT_EQ(kind("risk_reserved_funds", ""), "reserve risk_reserved_funds");
    EXPECT_EQ(kind("payout", "po_1"), "payout of 500");
    EXPECT_EQ(kind("payout", ""), "reserve payout");
    EXPECT_EQ(kind("payout_reversal", "po_1"), "payout_reversal payout_reversal");
    EXPECT_EQ(kind("climate_order_purchase", "x"), "unknown climate_order_purchase");
    EXPECT_EQ(kind("", ""), "unknown ");
}

constexpr Spoilt csv_mistakes[] = {
    {"reporting_category", "category", "line 1: the column 'reporting_category' is missing"},
    {"source_id", "net", "line 1: two columns are labelled 'net'"},
    {"104000.00,1645.00", "104000.00,1,645.00", "line 2: the row has 22 fields, the header has 21"},
    {"1645.00", "1 645.00", "line 2, column 10: the fee, '1 645.00', is not an amount"},
    {"1645.00", "1645.000", "line 2, column 10: the fee, '1645.000', has more decimals than HUF"},
    {"102355.00", "1e5", "line 2, column 11: the net, a text, is not an amount"},
    {"txn_S1", "", "line 2, column 3: the line has no id"},
    {"huf", "forint", "line 2, column 8: a text is no currency"},
    {"2026-06-29 10:00:05", "29.06.2026", "line 2, column 4: the time, '29.06.2026', has no day"},
    {"2026-07-08 02:00:00", "tomorrow", "line 2, column 2: the payout's time, a text, has no day"},
    {"po_S2", "po_S1", "line 9, column 8: the payout 'po_S1' has lines in two currencies"},
    {"104000.00,huf,pi", "104000.00,,pi", "line 2, column 16: '' is no currency"},
    {"TR2001,104000.00", "TR2001,x",
     "line 2, column 15: the customer facing amount, a text, is not an amount"},
};

TEST(StripeCsv, is_refused_as_a_whole_with_the_place) {
    expect_refusals(sample(report), csv_mistakes);
    const auto head = sample(report).substr(0, sample(report).find('\n'));
    EXPECT_EQ(read_file(head, {}).error().detail, "the file has no line but its header");
}

// ------------------------------------------------------------------------------------ API

TEST(StripeJson, is_read_with_fees_by_kind) {
    EXPECT_EQ(recognise(sample(list)), Format::stripe_json);
    const Told expected{
        "fee txn_S6    , -15000 - 0 = -15000 HUF, 2026-07-04 po_S1 @2",
        "dispute txn_S5 du_S2004   , -10400000 - 600000 = -11000000 HUF, dispute 600000, "
        "2026-07-03 "
        "po_S1 @3",
        "refund txn_S4 re_S2003   , -10400000 - 0 = -10400000 HUF, 2026-07-02 po_S1 @4",
        "charge txn_S7 ch_S2006 ch_S2006  , 8780000 - 315800 = 8464200 HUF, processing 140200, "
        "conversion 175600, rate 3512/1, 2026-07-01 po_S1 @5",
        "charge txn_S3 ch_S2003 ch_S2003  , 10400000 - 346500 = 10053500 HUF, processing 346500, "
        "2026-06-30 po_S1 @6",
        "charge txn_S2 ch_S2002 ch_S2002  , 5250000 - 87250 = 5162750 HUF, processing 87250, "
        "2026-06-29 po_S1 @7",
        "charge txn_S1 ch_S2001 ch_S2001  , 10400000 - 164500 = 10235500 HUF, processing 164500, "
        "2026-06-29 po_S1 @8",
        "payout live po_S1 12500900 HUF 0 -  @1",
        "skipped 1"};
    EXPECT_EQ(tell(read_file(sample(list), {.payout = "po_S1"})), expected);
}

TEST(StripeJson, reads_what_was_expanded) {
    auto text = changed(
        sample(list), "\"source\": \"ch_S2006\"",
        R"("source": {"id": "ch_S2006", "object": "charge", "amount": 25000, "currency": "usd",
           "payment_intent": "pi_S2006", "metadata": {"transaction_id": "2006"}})"
    );
    text = changed(
        text, "\"source\": \"du_S2004\"",
        R"("source": {"id": "du_S2004", "object": "dispute", "amount": 10400000, "currency": "huf",
           "charge": "ch_S2004", "payment_intent": {"id": "pi_S2004"}, "metadata": {}})"
    );
    const auto file = read_file(text, {});
    ASSERT_TRUE(file) << file.error().detail;
    EXPECT_EQ(
        tell(file->lines[1]),
        "dispute txn_S5 du_S2004 ch_S2004 pi_S2004 , -10400000 - 600000 = -11000000 HUF, dispute "
        "600000, facing -10400000 HUF, 2026-07-03  @3"
    );
    EXPECT_EQ(
        tell(file->lines[3]),
        "charge txn_S7 ch_S2006 ch_S2006 pi_S2006 TR2006, 8780000 - 315800 = 8464200 HUF, "
        "processing "
        "140200, conversion 175600, facing 25000 USD, rate 3512/1, 2026-07-01  @5"
    );
}

TEST(StripeJson, passes_over_balances_that_feed_no_payout) {
    const auto text = changed(sample(list), "\"payments\"", "\"issuing\"");
    const auto file = read_file(text, {}).value();
    EXPECT_TRUE(file.payouts.empty());
    EXPECT_EQ(file.skipped, 1U);
}

constexpr Spoilt json_mistakes[] = {
    {"\"has_more\": false", "\"has_more\": true", "the list goes on behind this page (has_more)"},
    {"\"amount\": -15000", "\"amount\": -15000.5",
     "/data/1/amount: must be a whole number, and not too large"},
    {"\"amount\": -15000", "\"amount\": 1000000000000001",
     "/data/1/amount: must be a whole number, and not too large"},
    {"\"amount\": -15000", "\"amount\": -9223372036854775808",
     "/data/1/amount: must be a whole number, and not too large"},
    {"\"net\": -15000,", "", "/data/1/net: is missing"},
    {"\"currency\": \"huf\"", "\"currency\": \"x\"", "/data/0/currency: a text is no currency"},
    {"\"created\": 1783404000", "\"created\": -1", "/data/0/created: is no time"},
    {"\"id\": \"txn_S9\"", "\"id\": 9", "/data/0/id: must be a text"},
    {"\"exchange_rate\": 351.2", "\"exchange_rate\": -1", "/data/4/exchange_rate: is no rate"},
    {"\"amount\": 600000", "\"amount\": \"600000\"",
     "/data/2/fee_details/0/amount: must be a whole number, and not too large"},
    {"\"fee_details\": []", "\"fee_details\": 0", "/data/0/fee_details: must be a list"},
    {"\"object\": \"balance_transaction\"", "\"object\": \"charge\"",
     "/data/0: this is no balance_transaction"},
    {"\"id\": \"txn_S9\",", "\"id\": \"txn_S9\", \"id\": \"txn_S9\",",
     "/data/0/id: appears more than once"},
    {"\"data\": [", "\"data\": [],\"x\":[", "the list is empty"},
    {"\"data\": [", "\"dat\": [", "this is no list of Stripe's"},
    {"\"data\": [", "\"data\": ", "This is not JSON: syntax error"},
};

TEST(StripeJson, is_refused_as_a_whole_with_the_place) {
    expect_refusals(sample(list), json_mistakes);
}

TEST(StripePayouts, are_read_with_status_and_trace) {
    EXPECT_EQ(recognise(sample("stripe-payouts.json")), Format::stripe_payouts);
    EXPECT_EQ(
        tell(read_file(sample("stripe-payouts.json"), {})),
        (Told{
            "payout live po_S2 21645 EUR 3 2026-07-08 TRACE-po_S2 automatic @1",
            "payout live po_S1 12500900 HUF 3 2026-07-08 TRACE-po_S1 automatic @2"})
    );
    auto text = changed(sample("stripe-payouts.json"), "\"livemode\": true", "\"livemode\": false");
    text = changed(text, "\"paid\"", "\"failed\"");
    text = changed(text, "\"statement_descriptor\": null", "\"statement_descriptor\": \"OZORA\"");
    const auto file = read_file(text, {}).value();
    EXPECT_EQ(file.payouts[0].account, "test");
    EXPECT_EQ(file.payouts[0].status, PayoutStatus::failed);
    EXPECT_EQ(file.payouts[0].descriptor, "OZORA");
}

constexpr Spoilt payout_mistakes[] = {
    {"\"paid\"", "\"lost\"", "/data/0/status: 'lost' is no status of a payout"},
    {"\"arrival_date\": 1783468800,", "", "/data/0/arrival_date: is missing"},
    {"\"amount\": 21645", "\"amount\": null", "/data/0/amount: is missing"},
    {"\"livemode\": true", "\"livemode\": false",
     "/data/0/livemode: says that this is of the account 'test'"},
};

TEST(StripePayouts, are_refused_as_a_whole_with_the_place) {
    expect_refusals(sample("stripe-payouts.json"), payout_mistakes, {.account = "live"});
}

}  // namespace
}  // namespace payments::settlement
