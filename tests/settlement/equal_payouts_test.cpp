#include <gtest/gtest.h>

#include "settlement/world.hpp"

// Payouts of one amount in a row, and entries of a bank that may be theirs (docs/settlements.md, 5:
// R8).
namespace payments::settlement {
namespace {

using namespace world;

constexpr std::int64_t amount = 5'000'000;
constexpr std::int64_t taken_by_bank = 30'000;
const Time a_month_later = noon(july(31)) + std::chrono::days{30};

// A report of SimplePay's of each day, whose only line is a payment.
struct Reports {
    std::vector<OurTransaction> ours{};
    std::vector<ParsedFile> files{};

    explicit Reports(std::vector<unsigned> days) {
        for (const auto day : days) {
            const auto number = std::to_string(ours.size() + 1);
            const auto payout = "report_202607" + std::to_string(day);
            ours.push_back(simple_payment(std::ssize(ours) + 1, amount, "900" + number));
            files.push_back(settlement_file(
                {simple_line(LineKind::charge, "900" + number, "TR" + number, amount, 0, payout)},
                {simple_payout(payout, july(day))}
            ));
        }
    }
    Report with(std::vector<BankLine> entries) const {
        auto all = files;
        all.push_back(bank_file(std::move(entries)));
        return matched(ours, all, a_month_later);
    }
};

BankLine on(unsigned day, std::int64_t minor, const std::string& reference) {
    return credit(minor, reference, "SIMPLEPAY ZRT.", "T655300777", july(day));
}
BankLine charged(BankLine entry, std::int64_t minor) {
    entry.charges_minor = minor;
    return entry;
}

TEST(EqualPayouts, are_matched_in_their_order_where_the_bank_itemises_what_it_took) {
    const Reports reports{{15, 22}};
    const auto first = charged(on(15, amount - taken_by_bank, "1"), taken_by_bank);
    for (const unsigned day : {21u, 22u, 24u}) {
        const auto report = reports.with({first, on(day, amount, "2")});
        EXPECT_EQ(short_findings(report), Words{}) << day;
        const auto& payouts = simple(report).payouts;
        EXPECT_EQ(payouts.at(0).bank_day, july(15));
        EXPECT_EQ(payouts.at(0).bank_charges_minor, taken_by_bank);
        EXPECT_EQ(payouts.at(1).bank_day, july(day));
    }
}

TEST(EqualPayouts, are_matched_in_their_order_where_the_bank_says_nothing_and_the_rest_is_found) {
    const auto report =
        Reports{{15, 22}}.with({on(15, amount - taken_by_bank, "1"), on(22, amount, "2")});
    EXPECT_EQ(short_findings(report), Words{"bank_differs report_20260715 30000 HUF"});
    EXPECT_EQ(simple(report).payouts.at(1).bank_day, july(22));
    const auto three = Reports{{8, 15, 22}}.with(
        {on(8, amount - taken_by_bank, "1"), on(15, amount, "2"), on(22, amount, "3")}
    );
    EXPECT_EQ(short_findings(three).size(), 1u) << testing::PrintToString(short_findings(three));
}

TEST(EqualPayouts, are_not_guessed_at_where_counts_do_not_agree) {
    // Two entries of nearly the amount, one payout without any: whose is which nobody can say.
    const auto report = Reports{{15, 22}}.with(
        {on(15, amount - taken_by_bank, "1"), on(16, amount - 40'000, "2"), on(22, amount, "3")}
    );
    EXPECT_EQ(
        short_findings(report),
        (Words{
            "bank_credit_unknown 1 4970000 HUF", "bank_credit_unknown 2 4960000 HUF",
            "payout_not_on_bank report_20260722 5000000 HUF"})
    );
    // What is another payout's own amount is no part of this.
    Reports others{{15, 22}};
    others.ours.push_back(simple_payment(3, amount - taken_by_bank, "9003"));
    const std::string payout = "report_20260716";
    others.files.push_back(settlement_file(
        {simple_line(LineKind::charge, "9003", "TR3", amount - taken_by_bank, 0, payout)},
        {simple_payout(payout, july(16))}
    ));
    EXPECT_EQ(
        short_findings(
            others.with({on(16, amount - taken_by_bank, "1"), on(22, amount, "2")})
        ).size(),
        1u
    );
}

TEST(BankCredits, name_what_has_exactly_their_amount_and_match_nothing_by_it) {
    // Paid out, booked by the bank, and returned by a plain debit, as if it were another's money.
    auto payout = stripe_payout("po_1", amount, july(8), huf(), PayoutStatus::failed);
    auto debit = stripe_credit(-amount, "2", "po_1", july(10));
    debit.text = "VISSZAUTALAS";
    const auto report = matched(
        {stripe_payment(1, amount, "a")},
        {settlement_file({stripe_charge("a", amount, 0, "po_1")}, {payout}),
         bank_file({stripe_credit(amount, "1", "po_1"), debit})}
    );
    ASSERT_EQ(short_findings(report), Words{"bank_credit_unknown 1 5000000 HUF"});
    EXPECT_EQ(
        report.findings[0].detail,
        "no payout is known that this would be; of exactly this amount: payout po_1 (came back), "
        "a debit on 2026-07-10"
    );
    EXPECT_EQ(live(report).payouts.at(0).bank_day, std::nullopt);
    // By a unit less it is nothing of the kind.
    debit.minor += 1;
    payout.amount_minor = amount + 1;
    const auto other = matched(
        {}, {settlement_file({}, {payout}), bank_file({stripe_credit(amount, "1", "x"), debit})}
    );
    for (const auto& finding : other.findings)
        EXPECT_EQ(finding.detail.find("exactly this amount"), std::string::npos) << finding.detail;
}

}  // namespace
}  // namespace payments::settlement
