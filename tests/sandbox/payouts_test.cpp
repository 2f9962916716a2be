#include "stripe_stand_in.hpp"
#include "support/json.hpp"

// The money behind the Stripe stand-in: its ledger, and what it pays out of it.
namespace payments::sandbox {
namespace {

using boost::json::array;
using boost::json::object;

class Payouts : public StripeStandIn {
protected:
    // Payouts are made on working days; this is a Monday.
    Payouts() { control(stripe(), "clock", R"({"now":"2026-07-06T10:00:00Z"})"); }

    void wait_days(int days) {
        control(stripe(), "clock", R"({"advance_s":)" + std::to_string(days * 86'400) + "}");
    }
    void settings(const std::string& body) { control(stripe(), "settings", body); }
    array list(const std::string& path) {
        const auto answer = api("GET", path);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return parsed(answer.body).at("data").as_array();
    }
    array payouts(const std::string& more = "") { return list("payouts?limit=100" + more); }
    array lines_of(const object& payout) {
        return list("balance_transactions?limit=100&payout=" + text(payout, "id"));
    }
    static std::int64_t net(const array& lines) {
        std::int64_t sum = 0;
        for (const auto& line : lines)
            if (line.at("reporting_category") != "payout") sum += line.at("net").as_int64();
        return sum;
    }
    static std::string category(const boost::json::value& line) {
        return std::string{line.at("reporting_category").as_string()};
    }
};

TEST_F(Payouts, are_made_of_what_is_due_in_whole_forints_and_the_rest_is_carried) {
    paid();
    wait_days(6);
    const auto made = payouts();
    ASSERT_EQ(made.size(), 1U);
    const auto& first = made[0].as_object();
    // 17 490.00 less 1.5 % and 85 forints.
    const std::int64_t charged = 1'749'000 - (1'749'000 * 15 / 1000 + 8'500);
    EXPECT_EQ(first.at("amount"), charged - charged % 100);
    EXPECT_NE(charged % 100, 0);
    EXPECT_EQ(text(first, "status"), "paid");
    EXPECT_EQ(text(first, "reconciliation_status"), "completed");
    const auto lines = lines_of(first);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(category(lines[0]), "payout");
    EXPECT_EQ(lines[0].at("net"), -first.at("amount").as_int64());
    EXPECT_EQ(net(lines), charged);
    EXPECT_EQ(lines[1].at("fee_details").at(0).at("amount"), lines[1].at("fee"));

    paid();
    wait_days(6);
    const auto second = payouts()[0].as_object();
    const auto due = 2 * charged - first.at("amount").as_int64();
    EXPECT_EQ(second.at("amount"), due - due % 100);
    const auto carried = control(stripe(), "payouts").at("carried").at("huf").as_int64();
    EXPECT_EQ(carried, 2 * (charged % 100) % 100);
}

TEST_F(Payouts, have_a_list_that_is_short_until_it_is_completed) {
    for (int i = 0; i < 4; ++i) paid();
    wait_days(2);
    control(stripe(), "clock", R"({"now":"2026-07-09T06:00:00Z"})");
    const auto early = payouts()[0].as_object();
    EXPECT_EQ(text(early, "reconciliation_status"), "in_progress");
    EXPECT_EQ(lines_of(early).size(), 2U);
    control(stripe(), "clock", R"({"now":"2026-07-09T12:00:00Z"})");
    const auto done = payouts()[0].as_object();
    EXPECT_EQ(text(done, "reconciliation_status"), "completed");
    EXPECT_EQ(lines_of(done).size(), 5U);
    settings(R"({"lists_own_line":false})");
    EXPECT_EQ(lines_of(done).size(), 5U) << "what was made stays";
}

TEST_F(Payouts, take_refunds_and_disputes_with_their_fees_and_give_back_what_failed) {
    const auto one = paid(), other = paid();
    wait_days(1);
    control(stripe(), "refund", R"({"payment_intent":")" + text(one, "id") + R"("})");
    const auto refund = list("refunds?payment_intent=" + text(one, "id"))[0].as_object();
    control(
        stripe(), "dispute",
        R"({"payment_intent":")" + text(other, "id") + R"(","status":"needs_response"})"
    );
    control(stripe(), "fail-refund", R"({"refund":")" + text(refund, "id") + R"("})");
    control(
        stripe(), "dispute", R"({"payment_intent":")" + text(other, "id") + R"(","status":"won"})"
    );
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> by_category;
    for (const auto& line : list("balance_transactions?limit=100")) {
        auto& [amount, fee] = by_category[category(line)];
        amount += line.at("amount").as_int64();
        fee += line.at("fee").as_int64();
        EXPECT_EQ(
            line.at("net").as_int64(), line.at("amount").as_int64() - line.at("fee").as_int64()
        );
    }
    using Sums = std::pair<std::int64_t, std::int64_t>;
    EXPECT_EQ(by_category["refund"], (Sums{-1'749'000, 0}));
    EXPECT_EQ(by_category["refund_failure"], (Sums{1'749'000, 0}));
    EXPECT_EQ(by_category["dispute"], (Sums{-1'749'000, 600'000}));
    EXPECT_EQ(by_category["dispute_reversal"], (Sums{1'749'000, 0}));
}

TEST_F(Payouts, wait_while_the_balance_is_below_nothing) {
    const auto one = paid();
    wait_days(6);
    ASSERT_EQ(payouts().size(), 1U);
    control(stripe(), "refund", R"({"payment_intent":")" + text(one, "id") + R"("})");
    wait_days(6);
    EXPECT_EQ(payouts().size(), 1U);
    paid();
    paid();
    wait_days(6);
    const auto made = payouts();
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(lines_of(made[0].as_object()).size(), 4U) << "two charges, a refund, its own";
}

TEST_F(Payouts, that_fail_after_they_were_called_paid_are_paid_again) {
    control(stripe(), "fail-payout", R"({"next":"huf"})");
    paid();
    wait_days(5);
    const auto first = payouts()[0].as_object();
    EXPECT_EQ(text(first, "status"), "paid");
    wait_days(4);
    const auto made = payouts();
    ASSERT_EQ(made.size(), 2U);
    const auto& again = made[0].as_object();
    const auto& failed = made[1].as_object();
    EXPECT_EQ(text(failed, "status"), "failed");
    EXPECT_EQ(text(failed, "failure_code"), "account_closed");
    EXPECT_EQ(again.at("amount"), failed.at("amount"));
    const auto lines = lines_of(again);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(text(lines[1].as_object(), "id"), text(failed, "failure_balance_transaction"));
    EXPECT_EQ(category(lines[1]), "payout_reversal");
    EXPECT_EQ(payouts("&status=failed").size(), 1U);
}

TEST_F(Payouts, by_hand_keep_what_is_in_them_to_themselves) {
    paid();
    control(stripe(), "clock", R"({"advance_s":3})");
    const auto made = control(stripe(), "pay-out", R"({"currency":"huf"})").as_object();
    EXPECT_EQ(text(made, "reconciliation_status"), "not_applicable");
    const auto asked = api("GET", "balance_transactions?payout=" + text(made, "id"));
    EXPECT_EQ(asked.status, 400);
    EXPECT_EQ(text(error_of(asked), "param"), "payout");
    EXPECT_EQ(api("GET", "balance_transactions?payout=po_1").status, 404);
}

TEST_F(Payouts, in_a_currency_that_is_converted_name_the_rate_and_what_that_cost) {
    settings(R"({"conversions":{"usd":{"currency":"huf","rate":351.2}}})");
    const auto intent = parsed(api("POST", "payment_intents",
                                   "amount=25000&currency=usd&payment_method_types[]=card")
                                   .body)
                            .as_object();
    confirm(intent, "4242424242424242");
    control(stripe(), "clock", R"({"advance_s":3})");
    const auto line = list("balance_transactions")[0].as_object();
    EXPECT_EQ(line.at("amount"), 8'780'000);
    EXPECT_EQ(line.at("exchange_rate"), 351.2);
    EXPECT_EQ(line.at("fee_details").as_array().size(), 2U);
}

TEST_F(Payouts, show_what_the_version_of_the_caller_has) {
    paid();
    wait_days(6);
    const auto asked = [&](const std::string& version) {
        return parsed(call(
                          "GET", stripe() + "/v1/payouts?expand[]=data.balance_transaction", {},
                          {{"Authorization", "Bearer rk_test_ozora_sandbox"},
                           {"Stripe-Version", version}}
                      ).body)
            .at("data")
            .at(0)
            .as_object();
    };
    const auto old = asked("2024-04-10"), now = asked("2026-10-28.endive");
    EXPECT_FALSE(old.contains("trace_id"));
    EXPECT_EQ(now.at("trace_id").at("status"), "supported");
    EXPECT_FALSE(old.at("balance_transaction").as_object().contains("balance_type"));
    EXPECT_EQ(now.at("balance_transaction").at("balance_type"), "payments");
}

TEST_F(Payouts, are_all_that_a_restricted_key_reads) {
    const auto status = [&](const std::string& path) {
        return api("GET", path, {}, {}, "rk_test_ozora_sandbox").status;
    };
    EXPECT_EQ(status("payouts"), 200);
    EXPECT_EQ(status("balance_transactions"), 200);
    EXPECT_EQ(status("payment_intents"), 403);
}

TEST_F(Payouts, come_with_the_report_of_the_dashboard) {
    const auto intent = paid();
    wait_days(6);
    const auto report = call("GET", stripe() + "/dashboard/payout_reconciliation.itemized.5.csv");
    EXPECT_EQ(report.status, 200);
    EXPECT_EQ(std::count(report.body.begin(), report.body.end(), '\n'), 2);
    EXPECT_NE(report.body.find(",huf,17490.00,347.35,17142.65,charge,ch_"), std::string::npos)
        << report.body;
    EXPECT_NE(report.body.find(text(intent, "id")), std::string::npos);
    const auto page = call("GET", stripe() + "/dashboard").body;
    EXPECT_NE(page.find("?payout=po_"), std::string::npos);
}

}  // namespace
}  // namespace payments::sandbox
