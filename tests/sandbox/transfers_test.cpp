#include "running_sandbox.hpp"
#include "sandbox/simplepay/simplepay.hpp"
#include "support/json.hpp"

// What SimplePay transfers and tells of each week, and what the bank makes of all transfers.
namespace payments::sandbox {
namespace {

using boost::json::object;

class Transfers : public RunningSandbox {
protected:
    Transfers() : RunningSandbox(0) {
        control(simplepay(), "clock", R"({"now":"2026-07-06T10:00:00Z"})");  // a Monday
    }

    // A payment of `total` forints (or euros), finished a moment later.
    void pay(const std::string& order_ref, const std::string& total, bool is_eur = false) {
        const object request{
            {"salt", "4f1c9b7e2d3a48f0b6c5d4e3f2a19087"},
            {"merchant", is_eur ? "PUBLICTESTEUR" : "PUBLICTESTHUF"},
            {"sdkVersion", "test"},
            {"orderRef", order_ref},
            {"currency", is_eur ? "EUR" : "HUF"},
            {"customerEmail", "real@example.net"},
            {"language", "HU"},
            {"methods", {"CARD"}},
            {"total", total},
            {"url", "http://shop.example/return"},
            {"invoice",
             {{"name", "Valódi Éva"},
              {"country", "hu"},
              {"city", "Győr"},
              {"zip", "9021"},
              {"address", "Fő utca 1."}}}};
        const auto body = json::write(request);
        const std::string key =
            is_eur ? "9A2sDc7xh1JKW8r193RwW7X7X2ts837w" : "FxDa5w314kLlNseq2sKuVwaqZshZT5d6";
        const auto answer = call(
            "POST", simplepay() + "/payment/v2/start", body,
            {{"Signature", simplepay::signature(key, body)}}
        );
        EXPECT_NE(answer.body.find("paymentUrl"), std::string::npos) << answer.body;
        control(simplepay(), "act", R"({"order_ref":")" + order_ref + R"(","action":"pay"})");
        advance(2);
    }
    void refund(const std::string& order_ref, const std::string& total) {
        control(
            simplepay(), "refund",
            R"({"order_ref":")" + order_ref + R"(","total":")" + total + R"("})"
        );
    }
    void advance(std::int64_t seconds) {
        control(simplepay(), "clock", R"({"advance_s":)" + std::to_string(seconds) + "}");
    }
    void advance_days(int days) { advance(std::int64_t{days} * 86'400); }
    boost::json::array reports() {
        return control(simplepay(), "reports").at("reports").as_array();
    }
    boost::json::array entries() { return control(bank(), "entries").at("entries").as_array(); }
    std::string page(const std::string& url) {
        const auto answer = call("GET", url);
        EXPECT_EQ(answer.status, 200) << url;
        return answer.body;
    }
    static std::vector<std::string> lines_of(const std::string& text) {
        std::vector<std::string> lines;
        std::istringstream stream{text};
        for (std::string line; std::getline(stream, line);) lines.push_back(line);
        return lines;
    }
};

TEST_F(Transfers, come_each_week_with_a_report_of_what_they_hold) {
    pay("TR1", "104000");
    pay("TR2", "220.5", true);
    refund("TR1", "52000");
    advance_days(7);
    EXPECT_TRUE(reports().empty()) << "made on Wednesday";
    advance_days(3);
    const auto made = reports();
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(made[0].at("name"), "report_20260715.csv");
    const auto file = page(simplepay() + std::string{made[1].at("path").as_string()});
    const auto lines = lines_of(file);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_TRUE(lines[0].starts_with("\xEF\xBB\xBFTranzakció státusz;Fizetés típusa;"));
    EXPECT_TRUE(lines[0].ends_with(";Vásárló;E-mail cím;\r"));
    EXPECT_NE(
        lines[1].find(";TR1;2026-07-06 12:00:00;2026-07-06 12:00:01;HUF;1560,00;208,00;156,00;"
                      "1196,00;104000,00;102440,00;"),
        std::string::npos
    ) << lines[1];
    EXPECT_TRUE(lines[2].starts_with("REFUND;")) << lines[2];
    EXPECT_NE(lines[2].find(";0,00;0,00;0,00;0,00;-52000,00;-52000,00;"), std::string::npos);
    EXPECT_EQ(file.find("real@example.net"), std::string::npos);
    EXPECT_EQ(file.find("Valódi"), std::string::npos);
    EXPECT_EQ(made[1].at("transferred"), 5'044'000);

    const auto booked = entries();
    ASSERT_EQ(booked.size(), 2U);
    EXPECT_EQ(booked[1].at("payer"), "SIMPLEPAY ZRT.");
    EXPECT_EQ(booked[1].at("amount"), 5'044'000);
    EXPECT_EQ(booked[1].at("day"), "2026-07-15");
}

TEST_F(Transfers, can_be_had_with_the_labels_of_2021) {
    pay("TR1", "104000");
    advance_days(10);
    const auto path = simplepay() + std::string{reports()[0].at("path").as_string()};
    const auto lines = lines_of(page(path + "?header=2021"));
    EXPECT_TRUE(lines[0].starts_with("Tranzakció státusza;")) << lines[0];
    EXPECT_NE(lines[0].find(";Bankközi jutalék;Kártyatársasági díj;"), std::string::npos);
    EXPECT_NE(lines[1].find(R"(;"=""TR1""";)"), std::string::npos) << lines[1];
    control(simplepay(), "settings", R"({"positive_refunds_in_reports":true})");
    refund("TR1", "1000");
    advance_days(7);
    const auto second = simplepay() + std::string{reports()[1].at("path").as_string()};
    EXPECT_NE(page(second).find(";1000,00;1000,00;"), std::string::npos);
}

TEST_F(Transfers, of_a_week_below_nothing_wait_for_better_ones) {
    pay("TR1", "104000");
    advance_days(10);
    refund("TR1", "104000");
    advance_days(7);
    ASSERT_EQ(reports().size(), 2U);
    EXPECT_EQ(reports()[1].at("transferred"), 0);
    pay("TR2", "204000");
    advance_days(7);
    EXPECT_EQ(reports()[2].at("brought"), -10'400'000);
    EXPECT_EQ(reports()[2].at("transferred"), 20'400'000 - 306'000 - 10'400'000);
    EXPECT_EQ(entries().size(), 2U);
}

TEST_F(Transfers, are_on_statements_of_the_bank) {
    pay("TR1", "104000");
    pay("TR2", "220.5", true);
    control(bank(), "settings", R"({"charges":{"EUR":500}})");
    advance_days(10);
    control(bank(), "entry", R"({"currency":"HUF","amount":-120000,"text":"Számlavezetési díj"})");
    const auto xml = page(bank() + "/statement.camt053.xml");
    const auto has = [&](std::string_view part) { return xml.find(part) != xml.npos; };
    EXPECT_TRUE(has("<IBAN>HU42117730161111101800000000</IBAN>"));
    EXPECT_TRUE(has(R"(<Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="HUF">1000000.00</Amt>)"));
    EXPECT_TRUE(has(R"(<Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="HUF">1101240.00</Amt>)"));
    EXPECT_TRUE(has(R"(<TtlChrgsAndTaxAmt Ccy="EUR">5.00</TtlChrgsAndTaxAmt>)")) << xml;
    EXPECT_TRUE(has("<Dbtr><Pty><Nm>SIMPLEPAY ZRT.</Nm></Pty></Dbtr>"));
    EXPECT_TRUE(has("<ElctrncSeqNb>1</ElctrncSeqNb>"));
    const auto csv = page(bank() + "/statement.otp.csv?currency=HUF");
    const auto lines = lines_of(csv);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_TRUE(lines[0].starts_with(
        R"("1177301611111018";J;102440;HUF;20260715;20260715;;1179400820546085;"SIMPLEPAY ZRT.";"T)"
    )) << lines[0];
    EXPECT_TRUE(lines[1].starts_with(R"("1177301611111018";T;-1200;HUF;20260716)")) << lines[1];
    EXPECT_EQ(page(bank() + "/statement.otp.csv?currency=HUF&to=2026-07-16"), lines[0] + "\n");
    EXPECT_EQ(call("GET", bank() + "/statement.otp.csv?currency=CHF").status, 404);
}

TEST_F(Transfers, of_stripe_that_fail_are_never_booked_or_taken_back) {
    const auto pay_by_stripe = [&] {
        const auto intent =
            parsed(call(
                       "POST", stripe() + "/v1/payment_intents",
                       "amount=1749000&currency=huf&automatic_payment_methods[enabled]=true",
                       {{"Authorization", "Bearer sk_test_ozora_sandbox"}}
            ).body);
        control(stripe(), "pay", json::write(object{{"payment_intent", intent.at("id")}}));
        advance(3);
    };
    pay_by_stripe();
    control(stripe(), "fail-payout", R"({"next":"huf"})");
    advance_days(6);
    EXPECT_TRUE(entries().empty());
    advance_days(5);
    ASSERT_EQ(entries().size(), 1U) << "paid again";
    const auto payouts = control(stripe(), "payouts").at("payouts").as_array();
    const std::string id{payouts.back().at("payout").at("id").as_string()};
    control(stripe(), "fail-payout", R"({"payout":")" + id + R"("})");
    const auto booked = entries();
    ASSERT_EQ(booked.size(), 2U);
    EXPECT_EQ(booked[1].at("amount").as_int64(), -booked[0].at("amount").as_int64());
    EXPECT_EQ(booked[1].at("is_reversal"), true);
    EXPECT_EQ(booked[1].at("text"), booked[0].at("text"));
}

}  // namespace
}  // namespace payments::sandbox
