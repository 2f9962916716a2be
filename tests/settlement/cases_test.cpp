#include <gtest/gtest.h>

#include "settlement/compare.hpp"
#include "settlement/world.hpp"

// Cases that have gone wrong for others, with their numbers (docs/settlements.md, 5).
namespace payments::settlement {
namespace {

using namespace world;

TEST(Cases, a_plain_line_is_matched_and_its_fee_is_booked) {
    auto line = simple_line(LineKind::charge, "9001", "TR1", 10'400'000, 156'000);
    line.fee_parts = {{"interchange", 20'800}, {"scheme", 15'600}, {"merchant", 119'600}};
    const auto report = matched(
        {simple_payment(1, 10'400'000, "9001")},
        {settlement_file({line}, {simple_payout()}), bank_file({credit(10'244'000, "1")})}
    );
    EXPECT_EQ(short_findings(report), Words{});
    const auto& account = simple(report);
    EXPECT_EQ(account.fees_minor.at("merchant"), 119'600);
    EXPECT_EQ(account.payouts.at(0).fee_minor, 156'000);
    EXPECT_EQ(account.payouts.at(0).bank_minor, 10'244'000);
    EXPECT_EQ(account.payouts.at(0).state, PayoutState::paid_out);
    EXPECT_EQ(account.net_minor, 10'244'000);
}

TEST(Cases, the_rest_that_cash_does_not_know_is_carried_to_the_next_payout) {
    const auto report = matched(
        {stripe_payment(1, 12'500'950, "a"), stripe_payment(2, 4'036'750, "b")},
        {settlement_file(
            {stripe_charge("a", 12'500'950, 0, "po_1"), stripe_charge("b", 4'036'750, 0, "po_2")},
            {stripe_payout("po_1", 12'500'900), stripe_payout("po_2", 4'036'800, july(9))}
        )}
    );
    EXPECT_EQ(short_findings(report), Words{});
    EXPECT_EQ(live(report).payouts.at(0).carry_out_minor, 50);
    EXPECT_EQ(live(report).payouts.at(1).carry_in_minor, 50);
    EXPECT_EQ(live(report).payouts.at(1).carry_out_minor, 0);
}

TEST(Cases, a_week_below_0_is_taken_from_the_next_report) {
    auto ours = simple_payment(1, 5'200'000, "9001");
    ours.is_settled_before = true;
    with_refund(ours, "9100", 5'200'000);
    const auto refunds = settlement_file(
        {simple_line(LineKind::refund, "9100", "TR1", -5'200'000, 0)}, {simple_payout()}
    );
    const auto before = matched({ours}, {refunds});
    EXPECT_EQ(short_findings(before), Words{});
    EXPECT_EQ(simple(before).carry_minor, -5'200'000);

    const auto next = settlement_file(
        {simple_line(LineKind::charge, "9002", "TR2", 10'235'500, 0, "report_20260715")},
        {simple_payout("report_20260715", july(15))}
    );
    const auto after = matched(
        {ours, simple_payment(2, 10'235'500, "9002")},
        {refunds, next, bank_file({credit(5'035'500, "1", "SIMPLEPAY ZRT.", "T1", july(15))})},
        noon(july(30))
    );
    EXPECT_EQ(short_findings(after), Words{});
    EXPECT_EQ(simple(after).carry_minor, 0);
    EXPECT_EQ(simple(after).payouts.at(1).amount_minor, 5'035'500);
}

TEST(Cases, lines_that_no_payout_was_told_of_are_in_the_one_they_make_add_up) {
    auto ours = stripe_payment(1, 5'200'000, "a");
    ours.is_settled_before = true;
    with_refund(ours, "re_a", 5'200'000);
    const auto refund = stripe_line(LineKind::refund, "txn_r", "re_a", "a", -5'200'000, 0, "");
    const auto before = matched({ours}, {settlement_file({refund})});
    EXPECT_EQ(short_findings(before), Words{});
    EXPECT_EQ(live(before).unpaid_minor, -5'200'000);

    const auto after = matched(
        {ours, stripe_payment(2, 10'235'500, "b")},
        {settlement_file({refund}),
         settlement_file(
             {stripe_charge("b", 10'235'500, 0, "po_1")}, {stripe_payout("po_1", 5'035'500)}
         )}
    );
    EXPECT_EQ(short_findings(after), Words{});
    EXPECT_EQ(live(after).unpaid_minor, 0);
    EXPECT_EQ(live(after).carry_minor, 0);
}

TEST(Cases, the_fee_of_a_payment_that_was_given_back_stays_a_cost) {
    auto ours = stripe_payment(1, 10'400'000, "a");
    with_refund(ours, "re_a", 10'400'000);
    const auto report = matched(
        {ours}, {settlement_file({
                    stripe_charge("a", 10'400'000, 346'500, ""),
                    stripe_line(LineKind::refund, "txn_r", "re_a", "a", -10'400'000, 0, ""),
                })}
    );
    EXPECT_EQ(short_findings(report), Words{});
    EXPECT_EQ(live(report).fees_minor.at("processing"), 346'500);
    EXPECT_EQ(live(report).unpaid_minor, -346'500);
}

TEST(Cases, a_refund_that_failed_weeks_later_brings_the_money_back) {
    auto ours = stripe_payment(1, 10'400'000, "a");
    ours.is_settled_before = true;
    with_refund(ours, "re_a", 5'200'000).refunds[0].failed_at = noon(july(28));
    const auto report = matched(
        {ours},
        {settlement_file({
            stripe_line(LineKind::refund, "txn_r", "re_a", "a", -5'200'000, 0, ""),
            stripe_line(LineKind::refund_failure, "txn_f", "re_a", "a", 5'200'000, 0, ""),
        })},
        noon(july(30))
    );
    EXPECT_EQ(short_findings(report), Words{});
    EXPECT_EQ(live(report).refunds_failed, (Tally{1, 5'200'000}));
    EXPECT_EQ(live(report).facts_minor(), 0);
}

OurTransaction disputed(bool is_won) {
    auto ours = stripe_payment(1, 10'400'000, "a");
    ours.is_settled_before = true;
    ours.disputes.push_back({"du_a", 10'400'000, noon(july(3))});
    if (is_won) ours.disputes[0].won_at = noon(july(6));
    return ours;
}
SettlementLine dispute_line() {
    return stripe_line(LineKind::dispute, "txn_d", "du_a", "a", -10'400'000, 600'000, "");
}

TEST(Cases, a_dispute_takes_the_amount_and_a_fee_in_one_line) {
    const auto report = matched({disputed(false)}, {settlement_file({dispute_line()})});
    EXPECT_EQ(short_findings(report), Words{});
    EXPECT_EQ(live(report).fees_minor.at("dispute"), 600'000);
    EXPECT_EQ(live(report).unpaid_minor, -11'000'000);
}

TEST(Cases, a_dispute_that_was_won_may_bring_its_fee_back_or_not) {
    for (const std::int64_t fee : {0, -600'000}) {
        const auto won =
            stripe_line(LineKind::dispute_reversal, "txn_w", "du_a", "a", 10'400'000, fee, "");
        const auto report = matched({disputed(true)}, {settlement_file({dispute_line(), won})});
        EXPECT_EQ(short_findings(report), Words{});
        EXPECT_EQ(live(report).fees_minor.at("dispute"), 600'000 + fee);
    }
}

TEST(Cases, two_equal_refunds_are_two_and_the_same_one_twice_is_one) {
    auto ours = stripe_payment(1, 5'200'000, "a");
    ours.is_settled_before = true;
    with_refund(ours, "re_1", 2'600'000);
    with_refund(ours, "re_2", 2'600'000);
    const auto first = stripe_line(LineKind::refund, "txn_1", "re_1", "a", -2'600'000, 0, "");
    const auto second = stripe_line(LineKind::refund, "txn_2", "re_2", "a", -2'600'000, 0, "");
    const auto report = matched({ours}, {settlement_file({first, second, first})});
    EXPECT_EQ(short_findings(report), Words{});
    EXPECT_EQ(live(report).customer_lines, (Tally{2, -5'200'000}));
}

TEST(Cases, a_conversion_is_held_against_what_the_visitor_paid) {
    const auto usd = currency("USD");
    auto line = stripe_charge("a", 8'780'000, 315'800, "");
    line.facing = Amount{25'000, usd};
    line.rate = Rate::parse("351.2");
    line.fee_parts = {{"processing", 140'200}, {"conversion", 175'600}};
    const auto report = matched({stripe_payment(1, 25'000, "a", usd)}, {settlement_file({line})});
    EXPECT_EQ(short_findings(report), Words{});
    EXPECT_EQ(live(report, "USD").customer_lines, (Tally{1, 25'000}));
    EXPECT_EQ(live(report).unpaid_minor, 8'464'200);
    EXPECT_EQ(live(report).fees_minor.at("conversion"), 175'600);
}

TEST(Cases, a_rate_is_rounded_so_one_minor_unit_either_way_is_right) {
    EXPECT_EQ(converted(24'999, *Rate::parse("351.234567")), 8'780'513);
    const auto usd = currency("USD");
    for (std::int64_t gross = 8'780'510; gross <= 8'780'516; ++gross) {
        const bool is_right = gross >= 8'780'512 && gross <= 8'780'514;
        for (const bool is_facing_told : {true, false}) {
            auto line = stripe_charge("a", gross, 0, "");
            line.rate = Rate::parse("351.234567");
            if (is_facing_told) line.facing = Amount{24'999, usd};
            const auto report =
                matched({stripe_payment(1, 24'999, "a", usd)}, {settlement_file({line})});
            EXPECT_EQ(report.findings.empty(), is_right) << gross;
        }
    }
}

TEST(Cases, files_again_add_nothing_and_a_contradiction_is_found) {
    const auto line = stripe_charge("a", 10'400'000, 164'500, "po_1");
    auto as_json = line;
    as_json.fee_parts = {{"processing", 164'500}};
    as_json.payment_id.clear();
    auto contradiction = stripe_charge("a", 10'400'000, 172'000, "po_1");
    const auto counts = [](const FileCounts& c) {
        return std::array{c.added, c.known, c.conflicting};
    };
    using Counts = std::array<std::size_t, 3>;

    Evidence evidence;
    EXPECT_EQ(counts(evidence.add(settlement_file({line})).value()), (Counts{1, 0, 0}));
    EXPECT_EQ(counts(evidence.add(settlement_file({line})).value()), (Counts{0, 1, 0}));
    EXPECT_EQ(counts(evidence.add(settlement_file({as_json})).value()), (Counts{0, 1, 0}));
    EXPECT_EQ(counts(evidence.add(settlement_file({contradiction})).value()), (Counts{0, 0, 1}));
    EXPECT_EQ(counts(evidence.add(settlement_file({contradiction})).value()), (Counts{0, 0, 1}));

    const Books books{soon, {stripe_payment(1, 10'400'000, "a")}};
    const auto report = match(books, evidence, Delays{}, soon);
    EXPECT_EQ(short_findings(report), Words{"line_conflict txn_a 7500 HUF"});
    // The first counts.
    EXPECT_EQ(live(report).fees_minor.at("processing"), 164'500);
}

TEST(Cases, a_payout_that_failed_is_returned_and_the_next_one_is_paid_out) {
    const auto failed = stripe_payout("po_1", 4'995'300, july(8), huf(), PayoutStatus::failed);
    const auto again = stripe_payout("po_2", 4'995'300, july(10));
    const auto returned =
        stripe_line(LineKind::payout_reversal, "txn_b", "po_1", "", 4'995'300, 0, "po_2");
    const auto bank =
        bank_file({credit(4'995'300, "1", "STRIPE TECHNOLOGY EUROPE LTD", "STRIPE", july(10))});
    // Stripe lists what came back in the next payout, or tells of the failure alone.
    auto loose = returned;
    loose.payout_id.clear();
    for (const auto& more : std::vector<std::vector<SettlementLine>>{{returned}, {loose}, {}}) {
        std::vector<SettlementLine> lines{stripe_charge("a", 4'995'300, 0, "po_1")};
        lines.insert(lines.end(), more.begin(), more.end());
        const auto report = matched(
            {stripe_payment(1, 4'995'300, "a")}, {settlement_file(lines, {failed, again}), bank},
            noon(july(30))
        );
        EXPECT_EQ(short_findings(report), Words{});
        EXPECT_EQ(live(report).payouts.at(0).state, PayoutState::returned);
        EXPECT_EQ(live(report).payouts.at(1).state, PayoutState::paid_out);
        EXPECT_EQ(live(report).returned_minor, 4'995'300);
        EXPECT_EQ(live(report).carry_minor, 0);
    }
}

Report with_bank_charge(std::int64_t charges) {
    auto line = simple_line(LineKind::charge, "9001", "TR1", 22'000, 396, week, eur());
    auto ours = simple_payment(1, 22'000, "9001");
    ours.currency = eur();
    auto payout = simple_payout();
    payout.currency = eur();
    auto entry = credit(21'104, "1", "SIMPLEPAY ZRT.", "T1", july(9));
    entry.charges_minor = charges;
    return matched(
        {ours}, {settlement_file({line}, {payout}), bank_file({entry}, Format::camt053, eur())}
    );
}

TEST(Cases, what_a_bank_charges_is_explained_where_it_is_itemised) {
    const auto itemised = with_bank_charge(500);
    EXPECT_EQ(short_findings(itemised), Words{});
    const auto& payout =
        account_in(itemised, Processor::simplepay, simple_account, "EUR").payouts.at(0);
    EXPECT_EQ(payout.bank_minor, 21'104);
    EXPECT_EQ(payout.bank_charges_minor, 500);

    EXPECT_EQ(short_findings(with_bank_charge(0)), Words{"bank_differs report_20260708 500 EUR"});
}

TEST(Cases, equal_parts_of_a_collective_entry_are_matched_as_a_set) {
    auto first = credit(10'244'000, "1"), second = first;
    first.part = 1;
    second.part = 2;
    const auto week_2 = std::string{"report_20260709"};
    const auto report = matched(
        {simple_payment(1, 10'400'000, "9001"), simple_payment(2, 10'400'000, "9002")},
        {settlement_file(
             {simple_line(LineKind::charge, "9001", "TR1", 10'400'000, 156'000)}, {simple_payout()}
         ),
         settlement_file(
             {simple_line(LineKind::charge, "9002", "TR2", 10'400'000, 156'000, week_2)},
             {simple_payout(week_2)}
         ),
         bank_file({first, second})},
        noon(july(30))
    );
    EXPECT_EQ(short_findings(report), Words{});
    for (const auto& payout : simple(report).payouts)
        EXPECT_EQ(payout.state, PayoutState::paid_out);
}

TEST(Cases, the_hour_that_comes_twice_a_year_matters_to_nobody) {
    auto first = simple_line(LineKind::charge, "9001", "TR1", 10'000'000, 0);
    auto second = simple_line(LineKind::charge, "9002", "TR2", 10'000'000, 0);
    first.at = second.at = "2026-10-25 02:30:00";
    const auto report = matched(
        {simple_payment(1, 10'000'000, "9001"), simple_payment(2, 10'000'000, "9002")},
        {settlement_file({first, second})}
    );
    EXPECT_EQ(short_findings(report), Words{});
    EXPECT_EQ(simple(report).customer_lines.count, 2u);
}

TEST(Cases, a_double_booking_that_is_reversed_is_one_match) {
    auto reversal = stripe_credit(-10'235'500, "3", "po_1");
    reversal.is_reversal = true;
    const auto report = matched(
        {stripe_payment(1, 10'235'500, "a")},
        {settlement_file(
             {stripe_charge("a", 10'235'500, 0, "po_1")}, {stripe_payout("po_1", 10'235'500)}
         ),
         bank_file({
             stripe_credit(10'235'500, "1", "po_1"),
             stripe_credit(10'235'500, "2", "po_1"),
             reversal,
         })}
    );
    EXPECT_EQ(short_findings(report), Words{});
    const auto& bank = report.banks.at(bank_account + " HUF");
    EXPECT_EQ(bank.cancelled, 2u);
    EXPECT_EQ(bank.matched, 1u);
}

TEST(Cases, a_free_ticket_needs_no_line) {
    const auto report = matched({simple_payment(1, 0, "9001")}, {}, noon(july(30)));
    EXPECT_EQ(short_findings(report), Words{});
}

}  // namespace
}  // namespace payments::settlement
