#include <gtest/gtest.h>

#include "settlement/journal/accounts.hpp"
#include "settlement/journal/journals.hpp"

// What becomes of the cases that have gone wrong for others in a general ledger
// (docs/settlements.md, 9).
namespace payments::settlement::journal {
namespace {

using namespace world;

const std::string simple_clearing = "assets:clearing:simplepay:s123401";
const std::string live_clearing = "assets:clearing:stripe:live-huf";

TEST(Bookings, of_a_plain_line_are_its_payment_its_fee_by_kind_and_the_payout) {
    auto line = simple_line(LineKind::charge, "9001", "TR1", 10'400'000, 156'000);
    line.fee_parts = {{"interchange", 20'800}, {"scheme", 15'600}, {"merchant", 119'600}};
    auto ours = simple_payment(1, 10'400'000, "9001");
    ours.fee_type = "FULL-FEE";
    const auto journal = journal_of(
        {ours}, {settlement_file({line}, {simple_payout()}), bank_file({credit(10'244'000, "1")})}
    );
    const auto of_week = "simplepay-S123401-HUF-" + week;
    EXPECT_EQ(
        short_bookings(journal),
        (Words{
            "7-1 TR1 10400000 HUF: " + simple_clearing + " / revenues:full-fee",
            "7-8 " + of_week + "-fee-interchange -20800 HUF: expenses:fees:simplepay / " +
                simple_clearing,
            "7-8 " + of_week + "-fee-merchant -119600 HUF: expenses:fees:simplepay / " +
                simple_clearing,
            "7-8 " + of_week + "-fee-scheme -15600 HUF: expenses:fees:simplepay / " +
                simple_clearing,
            "7-8 " + of_week + "-payout -10244000 HUF: assets:bank:huf / " + simple_clearing,
        })
    );
    EXPECT_EQ(short_balances(journal), Words{});
}

TEST(Bookings, leave_the_rest_that_cash_does_not_know_with_the_provider) {
    const auto first = settlement_file(
        {stripe_charge("a", 12'500'950, 0, "po_1")}, {stripe_payout("po_1", 12'500'900)}
    );
    const auto second = settlement_file(
        {stripe_charge("b", 4'036'750, 0, "po_2")}, {stripe_payout("po_2", 4'036'800, july(9))}
    );
    const auto a = stripe_payment(1, 12'500'950, "a"), b = stripe_payment(2, 4'036'750, "b");
    EXPECT_EQ(
        short_balances(journal_of({a}, {first})),
        (Words{live_clearing + " 0 50 HUF", "assets:in-transit 0 12500900 HUF"})
    );
    EXPECT_EQ(
        short_balances(journal_of({a, b}, {first, second})),
        Words{"assets:in-transit 0 16537700 HUF"}
    );
}

TEST(Bookings, of_a_week_below_0_leave_a_debt_with_the_provider) {
    auto ours = simple_payment(1, 5'200'000, "9001");
    ours.is_settled_before = true;
    with_refund(ours, "9100", 5'200'000);
    const auto refunds = settlement_file(
        {simple_line(LineKind::refund, "9100", "TR1", -5'200'000, 0)}, {simple_payout()}
    );
    EXPECT_EQ(
        short_balances(journal_of({ours}, {refunds})), Words{simple_clearing + " 0 -5200000 HUF"}
    );
    const auto next = settlement_file(
        {simple_line(LineKind::charge, "9002", "TR2", 10'235'500, 0, "report_20260715")},
        {simple_payout("report_20260715", july(15))}
    );
    const auto bank = bank_file({credit(5'035'500, "1", "SIMPLEPAY ZRT.", "T1", july(15))});
    const auto journal = journal_of(
        {ours, simple_payment(2, 10'235'500, "9002")}, {refunds, next, bank}, {}, noon(july(30))
    );
    EXPECT_EQ(short_balances(journal), Words{});
    EXPECT_EQ(
        short_bookings(journal).back(),
        "7-15 simplepay-S123401-HUF-report_20260715-payout "
        "-5035500 HUF: assets:bank:huf / " +
            simple_clearing
    );
}

TEST(Bookings, keep_the_fee_of_a_payment_that_was_given_back) {
    auto ours = stripe_payment(1, 10'400'000, "a");
    with_refund(ours, "re_a", 10'400'000);
    const auto journal = journal_of(
        {ours}, {settlement_file({
                    stripe_charge("a", 10'400'000, 346'500, ""),
                    stripe_line(LineKind::refund, "txn_r", "re_a", "a", -10'400'000, 0, ""),
                })}
    );
    EXPECT_EQ(
        short_bookings(journal), (Words{
                                     "7-1 TR1 10400000 HUF: " + live_clearing + " / revenues:other",
                                     "7-3 TR1-R1 -10400000 HUF: revenues:other / " + live_clearing,
                                     // Of what is not paid out yet on the day of the books.
                                     "7-9 stripe-live-HUF-unpaid-fee-processing -346500 HUF: "
                                     "expenses:fees:stripe:processing / " +
                                         live_clearing,
                                 })
    );
    EXPECT_EQ(short_balances(journal), Words{live_clearing + " 0 -346500 HUF"});
}

TEST(Bookings, bring_revenue_back_when_a_refund_failed) {
    auto ours = stripe_payment(1, 10'400'000, "a");
    ours.is_settled_before = true;
    with_refund(ours, "re_a", 5'200'000).refunds[0].failed_at = noon(july(28));
    const auto journal = journal_of(
        {ours},
        {settlement_file({
            stripe_line(LineKind::refund, "txn_r", "re_a", "a", -5'200'000, 0, ""),
            stripe_line(LineKind::refund_failure, "txn_f", "re_a", "a", 5'200'000, 0, ""),
        })},
        {}, noon(july(30))
    );
    EXPECT_EQ(
        short_bookings(journal),
        (Words{
            "7-3 TR1-R1 -5200000 HUF: revenues:other / " + live_clearing,
            "7-28 TR1-R1-back 5200000 HUF: " + live_clearing + " / revenues:other"})
    );
}

OurTransaction disputed_payment() {
    auto ours = stripe_payment(1, 10'400'000, "a");
    ours.is_settled_before = true;
    ours.disputes.push_back({"du_a", 10'400'000, noon(july(3))});
    return ours;
}
SettlementLine line_of_dispute() {
    return stripe_line(LineKind::dispute, "txn_d", "du_a", "a", -10'400'000, 600'000, "");
}

TEST(Bookings, claim_what_a_dispute_took_until_it_is_lost) {
    auto ours = disputed_payment();
    const auto file = settlement_file({line_of_dispute()});
    const Words taken{
        "7-3 TR1-du_a -10400000 HUF: assets:disputes / " + live_clearing,
        "7-9 stripe-live-HUF-unpaid-fee-dispute -600000 HUF: expenses:fees:stripe:dispute / " +
            live_clearing};
    EXPECT_EQ(short_bookings(journal_of({ours}, {file})), taken);
    ours.disputes[0].lost_at = noon(july(9));
    auto lost = taken;
    lost.insert(
        lost.begin() + 1, "7-9 TR1-du_a-lost -10400000 HUF: expenses:disputes / assets:disputes"
    );
    EXPECT_EQ(short_bookings(journal_of({ours}, {file})), lost);
}

TEST(Bookings, of_a_dispute_that_was_won_bring_back_its_fee_or_not) {
    for (const std::int64_t fee : {0, -600'000}) {
        auto ours = disputed_payment();
        ours.disputes[0].won_at = noon(july(6));
        const auto won =
            stripe_line(LineKind::dispute_reversal, "txn_w", "du_a", "a", 10'400'000, fee, "");
        const auto journal = journal_of({ours}, {settlement_file({line_of_dispute(), won})});
        EXPECT_EQ(
            short_bookings(journal).at(1),
            "7-6 TR1-du_a-won 10400000 HUF: " + live_clearing + " / assets:disputes"
        );
        EXPECT_EQ(
            short_balances(journal), fee == 0 ? Words{live_clearing + " 0 -600000 HUF"} : Words{}
        );
    }
}

TEST(Bookings, of_two_equal_refunds_are_two_and_of_one_told_twice_one) {
    auto ours = stripe_payment(1, 5'200'000, "a");
    ours.is_settled_before = true;
    with_refund(ours, "re_1", 2'600'000);
    with_refund(ours, "re_2", 2'600'000);
    const auto first = stripe_line(LineKind::refund, "txn_1", "re_1", "a", -2'600'000, 0, "");
    const auto second = stripe_line(LineKind::refund, "txn_2", "re_2", "a", -2'600'000, 0, "");
    EXPECT_EQ(
        short_bookings(journal_of({ours}, {settlement_file({first, second, first})})),
        (Words{
            "7-3 TR1-R1 -2600000 HUF: revenues:other / " + live_clearing,
            "7-3 TR1-R2 -2600000 HUF: revenues:other / " + live_clearing})
    );
}

TEST(Bookings, of_a_conversion_have_what_was_paid_and_what_that_came_to) {
    const auto usd = currency("USD");
    auto line = stripe_charge("a", 8'780'000, 315'800, "");
    line.facing = Amount{25'000, usd};
    line.rate = Rate::parse("351.2");
    line.fee_parts = {{"processing", 140'200}, {"conversion", 175'600}};
    const auto journal =
        journal_of({stripe_payment(1, 25'000, "a", usd)}, {settlement_file({line})});
    EXPECT_EQ(
        short_bookings(journal).at(0),
        "7-1 TR1 8780000 HUF: " + live_clearing + " / revenues:other (25000 USD)"
    );
    EXPECT_NE(
        written(journal, FileFormat::hledger).find("  -250.00 USD @@ 87800.00 HUF\n"),
        std::string::npos
    );
    // While its line has not come nobody knows in what it will be settled.
    EXPECT_EQ(
        short_bookings(journal_of({stripe_payment(1, 25'000, "a", usd)}, {})),
        Words{"7-1 TR1 25000 USD: assets:clearing:stripe:live-usd / revenues:other"}
    );
}

TEST(Bookings, do_not_change_when_files_come_again_and_the_first_counts) {
    const auto line = stripe_charge("a", 10'400'000, 164'500, "po_1");
    const auto contradiction = stripe_charge("a", 10'400'000, 172'000, "po_1");
    const auto ours = stripe_payment(1, 10'400'000, "a");
    const auto once = written(journal_of({ours}, {settlement_file({line})}), FileFormat::hledger);
    EXPECT_EQ(
        written(
            journal_of(
                {ours},
                {settlement_file({line}), settlement_file({line}), settlement_file({contradiction})}
            ),
            FileFormat::hledger
        ),
        once
    );
}

TEST(Bookings, of_a_payout_that_failed_go_there_and_back) {
    const auto failed = stripe_payout("po_1", 4'995'300, july(8), huf(), PayoutStatus::failed);
    const auto again = stripe_payout("po_2", 4'995'300, july(10));
    auto returned =
        stripe_line(LineKind::payout_reversal, "txn_b", "po_1", "", 4'995'300, 0, "po_2");
    returned.day = july(9);
    const auto bank =
        bank_file({credit(4'995'300, "1", "STRIPE TECHNOLOGY EUROPE LTD", "STRIPE", july(10))});
    for (const bool has_line : {true, false}) {
        std::vector<SettlementLine> lines{stripe_charge("a", 4'995'300, 0, "po_1")};
        if (has_line) lines.push_back(returned);
        const auto journal = journal_of(
            {stripe_payment(1, 4'995'300, "a")}, {settlement_file(lines, {failed, again}), bank}
        );
        const auto back = has_line ? "7-9 stripe-live-HUF-po_1-payout_return-txn_b"
                                   : "7-8 stripe-live-HUF-po_1-payout_return";
        EXPECT_EQ(
            short_bookings(journal),
            (Words{
                "7-1 TR1 4995300 HUF: " + live_clearing + " / revenues:other",
                "7-8 stripe-live-HUF-po_1-payout -4995300 HUF: assets:in-transit / " +
                    live_clearing,
                std::string{back} + " 4995300 HUF: " + live_clearing + " / assets:in-transit",
                "7-10 stripe-live-HUF-po_2-payout -4995300 HUF: assets:bank:huf / " + live_clearing}
            )
        );
        EXPECT_EQ(short_balances(journal), Words{});
    }
}

Words with_charge_of_bank(std::int64_t charges) {
    auto line = simple_line(LineKind::charge, "9001", "TR1", 22'000, 396, week, eur());
    auto ours = simple_payment(1, 22'000, "9001");
    ours.currency = eur();
    auto payout = simple_payout();
    payout.currency = eur();
    auto entry = credit(21'104, "1", "SIMPLEPAY ZRT.", "T1", july(9));
    entry.charges_minor = charges;
    auto words = short_bookings(journal_of(
        {ours}, {settlement_file({line}, {payout}), bank_file({entry}, Format::camt053, eur())}
    ));
    words.erase(words.begin(), words.begin() + 2);
    return words;
}

TEST(Bookings, of_a_payout_have_the_day_of_the_bank_and_what_it_charged) {
    const auto of_week = "7-9 simplepay-S123401-EUR-" + week;
    const auto payout = of_week + "-payout -21104 EUR: assets:bank:eur / " + simple_clearing;
    EXPECT_EQ(
        with_charge_of_bank(500),
        (Words{payout, of_week + "-bank_charge -500 EUR: expenses:bank / " + simple_clearing})
    );
    // What nobody itemised is not explained.
    EXPECT_EQ(
        with_charge_of_bank(0),
        (Words{of_week + "-unexplained-bank -500 EUR: assets:suspense / " + simple_clearing, payout}
        )
    );
}

TEST(Bookings, of_parts_of_a_collective_entry_are_a_payout_each) {
    auto first = credit(10'244'000, "1"), second = first;
    first.part = 1;
    second.part = 2;
    const auto week_2 = std::string{"report_20260709"};
    const auto journal = journal_of(
        {simple_payment(1, 10'400'000, "9001"), simple_payment(2, 10'400'000, "9002")},
        {settlement_file(
             {simple_line(LineKind::charge, "9001", "TR1", 10'400'000, 156'000)}, {simple_payout()}
         ),
         settlement_file(
             {simple_line(LineKind::charge, "9002", "TR2", 10'400'000, 156'000, week_2)},
             {simple_payout(week_2)}
         ),
         bank_file({first, second})}
    );
    const auto words = short_bookings(journal);
    EXPECT_EQ(
        std::ranges::count_if(
            words, [](const std::string& text) { return text.find("assets:bank:huf") != text.npos; }
        ),
        2
    );
    EXPECT_EQ(short_balances(journal), Words{});
}

TEST(Bookings, have_the_day_that_clocks_in_budapest_showed) {
    auto june = simple_payment(1, 100'000, "1"), july_1 = simple_payment(2, 100'000, "2");
    june.paid_at = parse_time("2026-06-30T21:59:59.999Z");
    july_1.paid_at = parse_time("2026-06-30T22:01:03Z");
    const auto words = short_bookings(journal_of({june, july_1}, {}));
    EXPECT_TRUE(words.at(0).starts_with("6-30 TR1 ")) << words.at(0);
    EXPECT_TRUE(words.at(1).starts_with("7-1 TR2 ")) << words.at(1);
}

TEST(Bookings, of_an_entry_that_was_reversed_and_of_a_free_ticket_are_none) {
    auto reversal = stripe_credit(-10'235'500, "3", "po_1");
    reversal.is_reversal = true;
    const auto journal = journal_of(
        {stripe_payment(1, 10'235'500, "a"), simple_payment(2, 0, "9001")},
        {settlement_file(
             {stripe_charge("a", 10'235'500, 0, "po_1")}, {stripe_payout("po_1", 10'235'500)}
         ),
         bank_file({
             stripe_credit(10'235'500, "1", "po_1"),
             stripe_credit(10'235'500, "2", "po_1"),
             reversal,
         })}
    );
    EXPECT_EQ(
        short_bookings(journal),
        (Words{
            "7-1 TR1 10235500 HUF: " + live_clearing + " / revenues:other",
            "7-8 stripe-live-HUF-po_1-payout -10235500 HUF: assets:bank:huf / " + live_clearing})
    );
}

// ----------------------------------------------------------------- what is not explained

TEST(Bookings, put_what_nothing_explains_on_an_account_of_its_own) {
    const auto ours = stripe_payment(1, 100'000, "a");
    auto short_line = stripe_charge("a", 99'900, 0, "po_1");
    const auto unknown = stripe_charge("b", 50'000, 100, "po_1");
    auto broken = stripe_charge("c", 30'000, 100, "po_1");
    broken.net_minor = 29'950;
    const auto journal = journal_of(
        {ours, stripe_payment(3, 30'000, "c")},
        {settlement_file({short_line, unknown, broken}, {stripe_payout("po_1", 179'700)})}
    );
    const auto suspense = [](const std::string& what, const char* minor) {
        return "7-8 stripe-live-HUF-" + what + " " + minor + " HUF: ";
    };
    const auto words = short_bookings(journal);
    const auto has = [&](const std::string& text) {
        EXPECT_NE(std::ranges::find(words, text), words.end()) << text;
    };
    has("7-1 TR1 100000 HUF: " + live_clearing + " / revenues:other");
    has(suspense("TR1-unexplained-charge", "-100") + "assets:suspense / " + live_clearing);
    has(suspense("txn_b-unexplained-line", "50000") + live_clearing + " / assets:suspense");
    has(suspense("txn_c-unexplained-arithmetic", "50") + live_clearing + " / assets:suspense");
    // 99,900 + 49,900 + 29,950 came, and 179,700 were paid out: of what is left cash knows all.
    EXPECT_EQ(
        short_balances(journal), (Words{
                                     live_clearing + " 0 50 HUF", "assets:in-transit 0 179700 HUF",
                                     "assets:suspense 0 -49950 HUF"})
    );
}

TEST(Bookings, set_a_fact_and_a_line_apart_that_cannot_be_compared) {
    // Paid in euros, and a line in forints that tells no rate.
    const auto journal = journal_of(
        {stripe_payment(1, 22'000, "a", eur())},
        {settlement_file({stripe_charge("a", 8'690'000, 0, "")})}
    );
    EXPECT_EQ(
        short_bookings(journal), (Words{
                                     "7-1 TR1 22000 EUR: assets:suspense / revenues:other",
                                     "7-9 stripe-live-HUF-txn_a-unexplained-line 8690000 HUF: " +
                                         live_clearing + " / assets:suspense"})
    );
}

TEST(Bookings, of_a_reserve_move_money_that_stays_with_the_provider) {
    const auto journal = journal_of(
        {stripe_payment(1, 500'000, "a")},
        {settlement_file(
            {stripe_charge("a", 500'000, 0, "po_1"),
             stripe_line(LineKind::reserve, "txn_h", "", "", -50'000, 0, "po_1"),
             stripe_line(LineKind::fee, "txn_f", "", "", -15'000, 0, "po_1")},
            {stripe_payout("po_1", 435'000)}
        )}
    );
    EXPECT_EQ(
        short_balances(journal),
        (Words{"assets:in-transit 0 435000 HUF", "assets:reserve:stripe:live-huf 0 50000 HUF"})
    );
}

// ----------------------------------------------------------------------------- periods

TEST(Bookings, of_a_period_begin_with_what_the_days_before_it_left) {
    std::vector<OurTransaction> ours;
    for (int i = 1; i <= 9; ++i)
        ours.push_back(stripe_payment(i, 100'000 + i, std::to_string(i), huf(), july(i)));
    const auto cut = [&](std::optional<unsigned> from, std::optional<unsigned> to) {
        Period period;
        if (from) period.from = july(*from);
        if (to) period.to = july(*to);
        return journal_of(ours, {}, period);
    };
    EXPECT_EQ(cut({}, {}).bookings.size(), 9u);
    EXPECT_EQ(short_balances(cut(3, 5)), Words{live_clearing + " 200003 400010 HUF"});
    EXPECT_EQ(short_bookings(cut(3, 5)).size(), 2u);
    EXPECT_EQ(cut(3, 5).first, july(3));
    EXPECT_EQ(cut(3, 5).last, july(4));
    EXPECT_EQ(short_balances(cut(12, 20)), Words{live_clearing + " 900045 900045 HUF"});
    // One that begins after the day of the books ends no earlier.
    EXPECT_EQ(cut(25, {}).first, july(25));
    EXPECT_EQ(cut(25, {}).last, july(25));
    // An account that is used later is not in it.
    EXPECT_EQ(cut({}, 1).balances.size(), 0u);
    // What one period ends with the next begins with.
    for (unsigned day = 1; day < 12; ++day)
        EXPECT_EQ(
            cut({}, day).balances.empty() ? 0 : cut({}, day).balances[0].closing_minor,
            cut(day, {}).balances.at(0).opening_minor
        );
}

}  // namespace
}  // namespace payments::settlement::journal
