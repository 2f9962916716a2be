#include <gtest/gtest.h>

#include "settlement/world.hpp"

// Each kind of finding at least once, with its one amount (docs/settlements.md, 5).
namespace payments::settlement {
namespace {

using namespace world;

const Time late = noon(july(31));

// A payment through SimplePay that agrees with everything, until a test spoils it.
struct Honest {
    OurTransaction ours = simple_payment(3002, 10'400'000, "9002");
    SettlementLine line = simple_line(LineKind::charge, "9002", "TR3002", 10'400'000, 156'000);
    PayoutFact payout = simple_payout();
    BankLine entry = credit(10'244'000, "261");

    Report report(Time as_of = late) const {
        return matched({ours}, {settlement_file({line}, {payout}), bank_file({entry})}, as_of);
    }
    Words findings() const { return short_findings(report()); }
};

TEST(Findings, are_none_where_all_agrees) {
    EXPECT_EQ(Honest{}.findings(), Words{});
    EXPECT_EQ(
        Honest{}.report().unexplained_minor, (std::map<std::string, std::int64_t>{{"HUF", 0}})
    );
}

TEST(Findings, tell_of_a_line_that_does_not_add_up_by_one_minor_unit) {
    Honest world;
    world.line.fee_minor -= 1;
    // That it is a fraction of a forint, too, makes it no second error.
    EXPECT_EQ(world.findings(), Words{"line_arithmetic 9002 1 HUF"});
}

TEST(Findings, tell_of_a_net_that_is_not_gross_less_fee) {
    auto line = stripe_charge("a", 5'000'000, 75'000, "");
    line.net_minor -= 1;
    const auto report = matched({stripe_payment(1, 5'000'000, "a")}, {settlement_file({line})});
    EXPECT_EQ(short_findings(report), Words{"line_arithmetic txn_a 1 HUF"});
}

TEST(Findings, tell_of_parts_that_are_not_the_fee) {
    Honest world;
    world.line.fee_parts = {{"interchange", 20'800}, {"merchant", 135'100}};
    EXPECT_EQ(world.findings(), Words{"line_arithmetic 9002 100 HUF"});
}

TEST(Findings, tell_of_a_fraction_that_the_source_cannot_have) {
    Honest world;
    world.line.fee_minor -= 1;
    world.line.net_minor += 1;
    world.entry.minor += 1;
    EXPECT_EQ(world.findings(), Words{"line_arithmetic 9002 1 HUF"});
}

TEST(Findings, tell_of_the_theft_of_one_minor_unit_from_what_was_settled) {
    Honest world;
    world.line.gross_minor -= 1;
    world.line.net_minor -= 1;
    EXPECT_EQ(
        world.findings(), (Words{
                              "bank_differs report_20260708 1 HUF", "line_arithmetic 9002 1 HUF",
                              "line_differs TR3002 1 HUF"})
    );
}

TEST(Findings, tell_of_an_amount_that_differs) {
    Honest world;
    world.ours.minor = 10'500'000;
    EXPECT_EQ(world.findings(), Words{"line_differs TR3002 100000 HUF"});
}

TEST(Findings, tell_of_another_account_or_currency_with_the_whole_amount) {
    Honest world;
    world.ours.account = "S999";
    EXPECT_EQ(world.findings(), Words{"line_differs TR3002 10400000 HUF"});
    world = {};
    world.ours.currency = eur();
    EXPECT_EQ(world.findings(), Words{"line_differs TR3002 10400000 HUF"});
}

TEST(Findings, tell_of_a_direction_that_is_wrong) {
    auto ours = stripe_payment(1, 5'000'000, "a");
    ours.is_settled_before = true;
    with_refund(ours, "re_a", 5'000'000);
    const auto line = stripe_line(LineKind::refund, "txn_r", "re_a", "a", 5'000'000, 0, "");
    const auto report = matched({ours}, {settlement_file({line})});
    EXPECT_EQ(short_findings(report), Words{"line_differs TR1-R1 10000000 HUF"});
}

TEST(Findings, tell_of_a_gross_that_is_not_what_was_seen_in_the_same_currency) {
    auto line = stripe_charge("a", 4'999'999, 0, "");
    line.facing = Amount{5'000'000, huf()};
    const auto report = matched({stripe_payment(1, 5'000'000, "a")}, {settlement_file({line})});
    EXPECT_EQ(short_findings(report), Words{"line_differs TR1 1 HUF"});
}

TEST(Findings, tell_of_what_a_visitor_paid_in_the_currency_of_the_visitor) {
    auto line = stripe_charge("a", 8'779'649, 0, "");
    line.facing = Amount{24'999, currency("USD")};
    line.rate = Rate::parse("351.2");
    const auto report =
        matched({stripe_payment(1, 25'000, "a", currency("USD"))}, {settlement_file({line})});
    EXPECT_EQ(short_findings(report), Words{"line_differs TR1 1 USD"});
}

TEST(Findings, tell_of_a_line_that_no_payment_is_known_of) {
    Honest world;
    world.ours.provider_id = "9777";
    world.line.reference = "TR9";
    EXPECT_EQ(
        world.findings(),
        (Words{"line_unknown 9002 10400000 HUF", "missing_in_settlement TR3002 10400000 HUF"})
    );
}

TEST(Findings, are_none_where_only_our_reference_is_known) {
    Honest world;
    world.ours.provider_id.clear();
    EXPECT_EQ(world.findings(), Words{});
}

TEST(Findings, tell_of_a_line_whose_payment_was_not_captured) {
    Honest world;
    world.ours.paid_at.reset();
    EXPECT_EQ(world.findings(), Words{"line_not_captured TR3002 10400000 HUF"});
}

TEST(Findings, tell_of_a_capture_that_was_settled_twice_unless_somebody_knows) {
    const auto first = stripe_charge("a", 5'000'000, 0, "");
    auto second = stripe_line(LineKind::charge, "txn_2", "ch_2", "", 5'000'000, 0, "");
    second.reference = "TR1";
    auto ours = stripe_payment(1, 5'000'000, "a");
    const auto files = std::vector{settlement_file({second, first})};
    EXPECT_EQ(short_findings(matched({ours}, files)), Words{"duplicate_settled TR1 5000000 HUF"});
    ours.is_duplicate_known = true;
    EXPECT_EQ(short_findings(matched({ours}, files)), Words{});
    ours.is_duplicate_known = false;
    ours.is_settled_before = true;
    EXPECT_EQ(short_findings(matched({ours}, files)).size(), 2u);
}

TEST(Findings, tell_of_one_refund_that_was_settled_twice) {
    auto ours = stripe_payment(1, 5'000'000, "a");
    ours.is_settled_before = true;
    with_refund(ours, "re_a", 2'000'000);
    const auto report = matched(
        {ours}, {settlement_file({
                    stripe_line(LineKind::refund, "txn_1", "re_a", "a", -2'000'000, 0, ""),
                    stripe_line(LineKind::refund, "txn_2", "re_a", "a", -2'000'000, 0, ""),
                })}
    );
    EXPECT_EQ(short_findings(report), Words{"duplicate_settled TR1 2000000 HUF"});
}

TEST(Findings, tell_of_refunds_and_disputes_that_we_do_not_know) {
    auto ours = stripe_payment(1, 5'000'000, "a");
    ours.is_settled_before = true;
    with_refund(ours, "re_a", 2'000'000);
    const auto report = matched(
        {ours},
        {settlement_file({
            stripe_line(LineKind::refund, "txn_1", "re_x", "a", -2'000'000, 0, ""),
            stripe_line(LineKind::refund_failure, "txn_2", "re_a", "a", 1'000'000, 0, ""),
            stripe_line(LineKind::dispute, "txn_3", "du_x", "a", -3'000'000, 0, ""),
        })},
        soon
    );
    EXPECT_EQ(
        short_findings(report),
        (Words{
            "dispute_unknown TR1 3000000 HUF", "refund_unknown TR1 1000000 HUF",
            "refund_unknown TR1 2000000 HUF"})
    );
}

// A refund line of SimplePay that has the payment's id instead of one of its own.
Words refunds_by_amount(std::vector<std::int64_t> known, std::vector<std::int64_t> lines) {
    auto ours = simple_payment(1, 10'000'000, "9001");
    ours.is_settled_before = true;
    for (std::size_t i = 0; i < known.size(); ++i)
        with_refund(ours, "91" + std::to_string(i), known[i]);
    std::vector<SettlementLine> settled;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        settled.push_back(simple_line(LineKind::refund, "9001", "TR1", -lines[i], 0));
        settled.back().line_id += std::to_string(i);
    }
    return short_findings(matched({ours}, {settlement_file(settled)}));
}

TEST(Findings, name_what_a_refund_without_an_id_may_be) {
    EXPECT_EQ(refunds_by_amount({2'000'000}, {2'000'000}), Words{});
    EXPECT_EQ(refunds_by_amount({2'000'000, 2'000'000}, {2'000'000, 2'000'000}), Words{});
    EXPECT_EQ(
        refunds_by_amount({2'000'000, 2'000'000}, {2'000'000}), Words{"ambiguous TR1 2000000 HUF"}
    );
    EXPECT_EQ(
        refunds_by_amount({2'000'000}, {2'000'000, 2'000'000}),
        Words{"refund_unknown TR1 2000000 HUF"}
    );
    EXPECT_EQ(refunds_by_amount({2'000'000}, {1'999'900}), Words{"refund_unknown TR1 1999900 HUF"});
}

TEST(Findings, name_all_payments_that_a_line_fits) {
    auto one = simple_payment(1, 5'000'000, "9001"), other = simple_payment(2, 5'000'000, "9001");
    const auto report = matched(
        {other, one},
        {settlement_file({simple_line(LineKind::charge, "9001", "TR1", 5'000'000, 0)})}
    );
    ASSERT_EQ(short_findings(report), Words{"ambiguous 9001 5000000 HUF"});
    EXPECT_EQ(report.findings[0].detail, "may be about each of TR1, TR2");
}

TEST(Findings, tell_of_what_is_missing_once_the_delay_has_passed) {
    for (const auto& [ours, days] :
         {std::pair{simple_payment(1, 5'000'000, "9001"), 10},
          std::pair{stripe_payment(1, 5'000'000, "a"), 7}}) {
        const auto due = *ours.paid_at + std::chrono::days{days};
        const auto on_time = matched({ours}, {}, due);
        EXPECT_EQ(short_findings(on_time), Words{});
        EXPECT_EQ(on_time.accounts.begin()->second.waiting, (Tally{1, 5'000'000}));
        const auto over = matched({ours}, {}, due + std::chrono::milliseconds{1});
        EXPECT_EQ(short_findings(over), Words{"missing_in_settlement TR1 5000000 HUF"});
        EXPECT_EQ(over.accounts.begin()->second.overdue, (Tally{1, 5'000'000}));
    }
}

TEST(Findings, tell_of_each_movement_that_is_missing) {
    auto ours = stripe_payment(1, 9'000'000, "a");
    with_refund(ours, "re_a", 2'000'000).refunds[0].failed_at = noon(july(5));
    ours.disputes.push_back({"du_a", 4'000'000, noon(july(3)), noon(july(4))});
    EXPECT_EQ(
        short_findings(matched({ours}, {}, late)),
        (Words{
            "missing_in_settlement TR1 9000000 HUF", "missing_in_settlement TR1-R1 2000000 HUF",
            "missing_in_settlement TR1-R1 2000000 HUF", "missing_in_settlement du_a 4000000 HUF",
            "missing_in_settlement du_a 4000000 HUF"})
    );
}

TEST(Findings, tell_of_a_kind_that_is_not_known) {
    auto line = stripe_line(LineKind::unknown, "txn_x", "", "", -12'300, 0, "");
    line.kind_as_written = "other_adjustment";
    EXPECT_EQ(
        short_findings(matched({}, {settlement_file({line})})),
        Words{"kind_unknown txn_x 12300 HUF"}
    );
}

Words of_stripe_payout(std::int64_t net, std::int64_t paid, Currency in = huf()) {
    return short_findings(matched(
        {stripe_payment(1, net, "a", in)},
        {settlement_file(
            {stripe_charge("a", net, 0, "po_1", in)}, {stripe_payout("po_1", paid, july(8), in)}
        )}
    ));
}

TEST(Findings, tell_of_a_payout_that_is_not_its_lines) {
    EXPECT_EQ(of_stripe_payout(5'000'050, 5'000'000), Words{});
    EXPECT_EQ(of_stripe_payout(5'000'050, 4'999'900), Words{"payout_does_not_add_up po_1 150 HUF"});
    EXPECT_EQ(of_stripe_payout(5'000'050, 5'000'100), Words{"payout_does_not_add_up po_1 50 HUF"});
    // What is not in whole forints was not paid out.
    EXPECT_EQ(of_stripe_payout(5'000'050, 5'000'049), Words{"payout_does_not_add_up po_1 1 HUF"});
    EXPECT_EQ(of_stripe_payout(5'000, 5'000, eur()), Words{});
    EXPECT_EQ(of_stripe_payout(5'001, 5'000, eur()), Words{"payout_does_not_add_up po_1 1 EUR"});
    EXPECT_EQ(of_stripe_payout(4'999, 5'000, eur()), Words{"payout_does_not_add_up po_1 1 EUR"});
}

TEST(Findings, tell_of_one_wrong_payout_once) {
    const auto report = matched(
        {stripe_payment(1, 5'000'050, "a"), stripe_payment(2, 5'000'050, "b")},
        {settlement_file(
            {stripe_charge("a", 5'000'050, 0, "po_1"), stripe_charge("b", 5'000'050, 0, "po_2")},
            {stripe_payout("po_1", 4'990'000), stripe_payout("po_2", 5'000'100, july(9))}
        )}
    );
    EXPECT_EQ(short_findings(report), Words{"payout_does_not_add_up po_1 10050 HUF"});
}

// Of a hundredth of a forint that is missing, the next payout is none the wiser.
TEST(Findings, tell_once_of_a_payout_that_lacks_one_minor_unit) {
    const auto report = matched(
        {stripe_payment(1, 5'000'050, "a"), stripe_payment(2, 4'999'970, "b")},
        {settlement_file(
            {stripe_charge("a", 5'000'050, 0, "po_1"), stripe_charge("b", 4'999'970, 0, "po_2")},
            {stripe_payout("po_1", 4'999'999), stripe_payout("po_2", 5'000'000, july(9))}
        )}
    );
    EXPECT_EQ(short_findings(report), Words{"payout_does_not_add_up po_1 51 HUF"});
    EXPECT_EQ(live(report).carry_minor, 20);
}

TEST(Findings, tell_of_a_report_that_holds_a_payment_of_another_report_again) {
    const auto again = std::string{"report_20260715"};
    const auto line = simple_line(LineKind::charge, "9001", "TR1", 5'000'000, 0);
    auto repeated = line;
    repeated.payout_id = again;
    const auto other = simple_line(LineKind::charge, "9002", "TR2", 3'000'000, 0, again);
    const auto report = matched(
        {simple_payment(1, 5'000'000, "9001"), simple_payment(2, 3'000'000, "9002")},
        {settlement_file({line}), settlement_file({repeated, other})}
    );
    EXPECT_EQ(short_findings(report), Words{"payout_does_not_add_up report_20260715 5000000 HUF"});
}

TEST(Findings, are_none_of_a_report_that_was_saved_under_another_name) {
    Honest world;
    auto copy = world.line;
    copy.payout_id = "report_20260708 (1)";
    const auto report = matched(
        {world.ours},
        {settlement_file({copy}), settlement_file({world.line}, {world.payout}),
         bank_file({world.entry})},
        late
    );
    EXPECT_EQ(short_findings(report), Words{});
}

TEST(Findings, tell_of_a_payout_that_the_bank_never_booked) {
    Honest world;
    world.entry.payer = "KOVÁCS KFT.";
    const auto last = Time{july(18)};
    EXPECT_EQ(short_findings(world.report(last)), Words{});
    EXPECT_EQ(
        short_findings(world.report(last + std::chrono::milliseconds{1})),
        Words{"payout_not_on_bank report_20260708 10244000 HUF"}
    );
}

TEST(Findings, tell_of_a_bank_that_kept_something_without_saying_so) {
    Honest world;
    world.entry.minor -= 300'000;
    // More than 2 % and more than any charge: two findings, for nothing says that they belong
    // together.
    EXPECT_EQ(
        world.findings(), (Words{
                              "bank_credit_unknown 261 9944000 HUF",
                              "payout_not_on_bank report_20260708 10244000 HUF"})
    );
    world.entry.minor += 200'000;
    EXPECT_EQ(world.findings(), Words{"bank_differs report_20260708 100000 HUF"});
    // What it itemised is explained, the rest is not.
    world.entry.charges_minor = 99'999;
    EXPECT_EQ(world.findings(), Words{"bank_differs report_20260708 1 HUF"});
}

TEST(Findings, are_none_where_charges_are_named_that_were_taken_elsewhere) {
    Honest world;
    world.entry.charges_minor = 300'000;
    EXPECT_EQ(world.findings(), Words{});
    EXPECT_EQ(simple(world.report()).payouts.at(0).bank_charges_minor, 0);
}

TEST(Findings, are_none_where_itemised_charges_tell_similar_payouts_apart) {
    std::vector<OurTransaction> ours;
    std::vector<ParsedFile> files;
    std::vector<BankLine> entries;
    for (const std::int64_t n : {1, 2}) {
        const auto id = std::to_string(n), payout = "report_2026070" + id;
        const auto minor = 5'000'000 + 10'000 * n;
        ours.push_back(simple_payment(n, minor, "900" + id));
        files.push_back(settlement_file(
            {simple_line(LineKind::charge, "900" + id, "TR" + id, minor, 0, payout)},
            {simple_payout(payout)}
        ));
        entries.push_back(credit(minor - 50'000, id));
        entries.back().charges_minor = 50'000;
    }
    files.push_back(bank_file(entries));
    EXPECT_EQ(short_findings(matched(ours, files, late)), Words{});
}

TEST(Findings, tell_of_a_credit_that_names_a_payout_but_is_another_amount) {
    const auto report = matched(
        {stripe_payment(1, 5'000'000, "a")},
        {settlement_file(
             {stripe_charge("a", 5'000'000, 0, "po_1")}, {stripe_payout("po_1", 5'000'000)}
         ),
         bank_file({stripe_credit(2'000'000, "1", "po_1")})}
    );
    EXPECT_EQ(short_findings(report), Words{"bank_differs po_1 3000000 HUF"});
}

TEST(Findings, tell_of_a_credit_of_a_provider_that_nothing_explains) {
    EXPECT_EQ(
        short_findings(matched({}, {bank_file({credit(700, "5"), credit(900, "6", "KISS BT.")})})),
        Words{"bank_credit_unknown 5 700 HUF"}
    );
}

// A payout of the same amount, months later, is not what was taken back.
TEST(Findings, are_none_of_an_entry_that_was_booked_twice_before_an_equal_payout) {
    const std::string later = "report_20260729";
    auto again = simple_line(LineKind::charge, "9002", "TR2", 5'000'000, 0, later);
    again.day = july(28);
    auto reversal = credit(-5'000'000, "3");
    reversal.is_reversal = true;
    const auto report = matched(
        {simple_payment(1, 5'000'000, "9001"), simple_payment(2, 5'000'000, "9002")},
        {settlement_file(
             {simple_line(LineKind::charge, "9001", "TR1", 5'000'000, 0), again},
             {simple_payout(), simple_payout(later, july(29))}
         ),
         bank_file(
             {credit(5'000'000, "1"), credit(5'000'000, "2"), reversal,
              credit(5'000'000, "4", "SIMPLEPAY ZRT.", "T655300777", july(29))}
         )},
        noon(july(31)) + std::chrono::days{30}
    );
    EXPECT_EQ(short_findings(report), Words{});
}

TEST(Findings, tell_of_a_payout_that_the_bank_took_back) {
    Honest world;
    auto reversal = world.entry;
    reversal.minor = -world.entry.minor;
    reversal.bank_reference = "262";
    reversal.is_reversal = true;
    const auto report = matched(
        {world.ours},
        {settlement_file({world.line}, {world.payout}), bank_file({world.entry, reversal})}, late
    );
    EXPECT_EQ(short_findings(report), Words{"payout_not_on_bank report_20260708 10244000 HUF"});
    reversal.text = "another";
    const auto other = matched(
        {world.ours},
        {settlement_file({world.line}, {world.payout}), bank_file({world.entry, reversal})}, late
    );
    EXPECT_EQ(short_findings(other), Words{"bank_credit_unknown 262 10244000 HUF"});
}

TEST(Findings, tell_of_the_payout_too_many_of_two_equal_ones) {
    std::vector<OurTransaction> ours;
    std::vector<ParsedFile> files;
    for (const std::int64_t n : {1, 2}) {
        const auto id = std::to_string(n), payout = "report_2026070" + id;
        ours.push_back(simple_payment(n, 5'000'000, "900" + id));
        files.push_back(settlement_file(
            {simple_line(LineKind::charge, "900" + id, "TR" + id, 5'000'000, 0, payout)},
            {simple_payout(payout)}
        ));
    }
    files.push_back(bank_file({credit(5'000'000, "1")}));
    EXPECT_EQ(
        short_findings(matched(ours, files, late)),
        Words{"payout_not_on_bank report_20260702 5000000 HUF"}
    );
}

TEST(Findings, know_on_which_days_a_payout_is_booked) {
    // Wednesday, 8 July: from the 7th to the fifth banking day after, the 15th.
    for (unsigned day = 5; day <= 18; ++day) {
        Honest world;
        world.entry.booked = july(day);
        EXPECT_EQ(world.findings().empty(), day >= 7 && day <= 15) << day;
    }
}

TEST(Findings, tell_of_statements_that_do_not_add_up_or_lack_one_between_them) {
    auto file = bank_file({credit(700, "5", "KISS BT.")});
    auto& first = file.statements[0];
    first.id = "A";
    first.number = 131;
    first.from = first.to = july(8);
    first.opening_minor = 1'000;
    first.closing_minor = 1'700;
    auto second = first;
    second.lines.clear();
    second.id = "B";
    second.number = 132;
    second.from = second.to = july(9);
    second.opening_minor = second.closing_minor = 1'700;
    file.statements.push_back(second);
    EXPECT_EQ(short_findings(matched({}, {file})), Words{});

    auto spoilt = file;
    spoilt.statements[0].closing_minor = 1'699;
    EXPECT_EQ(
        short_findings(matched({}, {spoilt})),
        (Words{"statement_does_not_add_up A 1 HUF", "statement_does_not_add_up B 1 HUF"})
    );
    spoilt = file;
    spoilt.statements[1].number = 133;
    EXPECT_EQ(short_findings(matched({}, {spoilt})), Words{"statement_gap B 0 HUF"});
    spoilt.statements[1].number = 1;
    EXPECT_EQ(short_findings(matched({}, {spoilt})), Words{"statement_gap B 0 HUF"});
    spoilt.statements[1].from = spoilt.statements[1].to = july(9) + std::chrono::days{366};
    EXPECT_EQ(short_findings(matched({}, {spoilt})), Words{});
}

TEST(Findings, keep_their_key_and_open_again_when_their_numbers_change) {
    Honest world;
    world.ours.minor = 10'500'000;
    const auto found = world.report().findings.at(0);
    const auto with_decision = [&](std::int64_t minor) {
        Evidence evidence;
        evidence.add(settlement_file({world.line}, {world.payout})).value();
        evidence.add(bank_file({world.entry})).value();
        auto ours = world.ours;
        ours.minor = minor;
        const Books books{late, {ours}, {{found.key, found.minor, "HUF", "a friend paid"}}};
        return match(books, evidence, Delays{}, late);
    };
    const auto accepted = with_decision(10'500'000);
    EXPECT_EQ(accepted.findings.at(0).key, found.key);
    EXPECT_TRUE(accepted.findings[0].is_accepted);
    EXPECT_FALSE(accepted.has_open_findings());
    EXPECT_EQ(accepted.unexplained_minor.at("HUF"), 0);

    const auto changed = with_decision(10'500'001);
    EXPECT_EQ(changed.findings.at(0).key, found.key);
    EXPECT_TRUE(changed.has_open_findings());
    EXPECT_EQ(changed.unexplained_minor.at("HUF"), 100'001);
}

TEST(Bank, account_is_the_same_as_an_iban_and_as_a_number) {
    const auto key = bank_account_key("HU42 1177 3016 1111 1018 0000 0000");
    EXPECT_EQ(bank_account_key("1177301611111018"), key);
    EXPECT_EQ(bank_account_key("11773016-11111018-00000000"), key);
    EXPECT_NE(bank_account_key("1177301611111019"), key);
    EXPECT_EQ(bank_account_key("de09000000000000000001"), "DE09000000000000000001");
}

TEST(Bank, days_are_told_in_one_format_only) {
    Evidence evidence;
    const auto entry = credit(700, "", "KISS BT.");
    ASSERT_TRUE(evidence.add(bank_file({entry}, Format::camt053)));
    const auto refused = evidence.add(bank_file({entry}, Format::otp_csv));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("from 2026-07-08 on"), std::string::npos);
    EXPECT_EQ(evidence.bank_entries().size(), 1u);
    auto next_day = entry;
    next_day.booked = july(9);
    EXPECT_TRUE(evidence.add(bank_file({next_day}, Format::otp_csv)));
}

TEST(Bank, reference_may_be_shared_in_one_file_but_not_contradicted_by_another) {
    Evidence evidence;
    const auto transfer = credit(10'000, "261", "KISS BT."), fee = credit(-100, "261", "");
    EXPECT_EQ(evidence.add(bank_file({transfer, fee}))->added, 2u);
    EXPECT_EQ(evidence.add(bank_file({transfer, fee}))->known, 2u);
    EXPECT_TRUE(evidence.conflicts().empty());
    EXPECT_EQ(evidence.add(bank_file({credit(10'001, "261"), fee}))->conflicting, 1u);
    ASSERT_EQ(evidence.conflicts().size(), 1u);
    EXPECT_EQ(evidence.conflicts()[0].minor, 1);
}

TEST(Bank, equal_rows_of_one_file_are_different_and_those_of_two_are_the_same) {
    Evidence evidence;
    const auto entry = credit(700, "", "KISS BT.");
    EXPECT_EQ(evidence.add(bank_file({entry, entry}, Format::otp_csv))->added, 2u);
    const auto again = evidence.add(bank_file({entry, entry, entry}, Format::otp_csv)).value();
    EXPECT_EQ(again.known, 2u);
    EXPECT_EQ(again.added, 1u);
}

}  // namespace
}  // namespace payments::settlement
