#include <gtest/gtest.h>

#include "settlement/journal/close_output.hpp"
#include "settlement/journal/journals.hpp"
#include "settlement/journal/output.hpp"
#include "settlement/report_output.hpp"
#include "support/crypto.hpp"

// What an accountant signs (docs/settlements.md, 11).
namespace payments::settlement::journal {
namespace {

using namespace world;

constexpr Month june_2026{std::chrono::year{2026}, std::chrono::June};
constexpr Month july_2026{std::chrono::year{2026}, std::chrono::July};
constexpr Month august_2026{std::chrono::year{2026}, std::chrono::August};

MonthClose close_in(
    Month month, const std::vector<OurTransaction>& ours, const std::vector<ParsedFile>& files,
    Time as_of = noon(july(30)), std::span<const Decision> decisions = {}
) {
    Evidence evidence;
    for (const auto& file : files) evidence.add(file).value();
    CloseMaker maker{month, budapest(), as_of, Delays{}};
    maker.books().add({as_of}, std::move(evidence));
    for (const auto& transaction : ours) maker.books().hear(0, transaction);
    auto close = maker.finish(decisions);
    for (const auto& account : close.accounts) EXPECT_EQ(account.left_over(), 0);
    for (const auto& transit : close.transit) EXPECT_EQ(transit.left_over(), 0);
    for (const auto& claims : close.claims) EXPECT_EQ(claims.left_over(), 0);
    return close;
}

// "fee: processing 15050", of each number of the table that is not 0, without its head.
Words rows_of(const MonthClose& close, const std::string& head) {
    Words words;
    std::istringstream lines{csv_of(close)};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(month_text(close.month) + "," + head + ",")) continue;
        auto row = line.substr(line.find(head) + head.size() + 1);
        if (!row.ends_with(",0.00")) words.push_back(std::move(row));
    }
    return words;
}

// A month in which everything happens, of Stripe in forints: paid at the end of June, refunded and
// disputed in July.
struct FullMonth {
    std::vector<OurTransaction> ours;
    std::vector<ParsedFile> files;
};
FullMonth full_month() {
    const Day end_of_june = july(1) - std::chrono::days{3};
    auto a = stripe_payment(1, 10'000'000, "a", huf(), end_of_june);
    auto b = stripe_payment(2, 5'000'000, "b", huf(), july(2));
    auto c = stripe_payment(3, 7'000'000, "c", huf(), july(2));
    with_refund(b, "re_b", 1'000'000, july(3));
    b.refunds.front().failed_at = noon(july(6));
    with_refund(b, "re_b2", 500'000, july(4));
    a.disputes.push_back({"du_a", 10'000'000, noon(july(4))});
    a.disputes.front().won_at = noon(july(7));
    c.disputes.push_back({"du_c", 7'000'000, noon(july(5))});
    c.disputes.front().lost_at = noon(july(20));
    std::vector<SettlementLine> lines{
        stripe_charge("a", 10'000'000, 150'000, "po_1"),
        stripe_charge("b", 5'000'000, 75'000, "po_1"),
        stripe_charge("c", 7'000'000, 105'000, "po_1"),
        stripe_line(LineKind::refund, "r1", "re_b", "b", -1'000'000, 0, "po_1"),
        stripe_line(LineKind::refund_failure, "r2", "re_b", "b", 1'000'000, 0, "po_1"),
        stripe_line(LineKind::refund, "r3", "re_b2", "b", -500'000, 0, "po_1"),
        stripe_line(LineKind::dispute, "d1", "du_a", "a", -10'000'000, 600'000, "po_1"),
        stripe_line(LineKind::dispute_reversal, "d2", "du_a", "a", 10'000'000, 0, "po_1"),
        stripe_line(LineKind::dispute, "d3", "du_c", "c", -7'000'000, 600'000, "po_1"),
        stripe_line(LineKind::reserve, "x1", "", "", -200'000, 0, "po_1"),
    };
    // 22,000,000 + 0 - 500,000 - 7,000,000 - 1,530,000 - 200,000.
    const auto paid = stripe_payout("po_1", 12'770'000, july(8));
    const auto late = stripe_payout("po_2", 1'000'000, july(31));
    return {
        {a, b, c, stripe_payment(4, 1'000'000, "d", huf(), july(29))},
        {settlement_file(lines, {paid}),
         settlement_file({stripe_charge("d", 1'000'000, 0, "po_2")}, {late}),
         bank_file({stripe_credit(12'770'000, "s1", "po_1", july(9))})}};
}

TEST(MonthClose, of_an_account_is_an_opening_balance_what_moved_and_a_closing_balance) {
    const auto [ours, files] = full_month();
    const auto june = close_in(june_2026, ours, files);
    EXPECT_EQ(
        rows_of(june, "provider,stripe,live,HUF"),
        (Words{"captured,1,100000.00", "closing,,100000.00"})
    );
    const auto of_july = close_in(july_2026, ours, files, noon(july(31)));
    EXPECT_EQ(
        rows_of(of_july, "provider,stripe,live,HUF"),
        (Words{
            "opening,,100000.00", "captured,3,130000.00", "refunded,2,-15000.00",
            "refunds_failed,1,10000.00", "disputed,2,-170000.00", "disputes_won,1,100000.00",
            "fee: dispute,,-12000.00", "fee: processing,,-3300.00", "reserve,,-2000.00",
            "paid_out,2,-137700.00"})
    );
    EXPECT_EQ(rows_of(of_july, "reserve,stripe,live,HUF"), Words{"closing,,2000.00"});
    EXPECT_EQ(
        rows_of(of_july, "in_transit,,,HUF"),
        (Words{"paid_out,,137700.00", "on_bank,,-127700.00", "closing,,10000.00"})
    );
    EXPECT_EQ(
        rows_of(of_july, "claims,,,HUF"),
        (Words{"disputed,,170000.00", "won,,-100000.00", "lost,,-70000.00"})
    );
    ASSERT_EQ(of_july.accounts.size(), 1u);
    const auto& payouts = of_july.accounts[0].payouts;
    ASSERT_EQ(payouts.size(), 2u);
    EXPECT_EQ(payouts[0].payout_id, "po_1");
    EXPECT_EQ(payouts[0].day, july(9));
    EXPECT_TRUE(payouts[0].is_on_bank);
    EXPECT_FALSE(payouts[1].is_on_bank);
    EXPECT_FALSE(of_july.has_open_findings());
}

TEST(MonthClose, of_a_payout_that_came_back_has_it_on_its_way_and_back) {
    const auto ours = stripe_payment(1, 10'000'000, "a");
    auto back = stripe_line(LineKind::payout_reversal, "f1", "po_1", "", 10'000'000, 0, "po_2");
    back.day = july(10);
    const auto lines = settlement_file(
        {stripe_charge("a", 10'000'000, 0, "po_1"), back},
        {stripe_payout("po_1", 10'000'000, july(8), huf(), PayoutStatus::failed),
         stripe_payout("po_2", 10'000'000, july(15))}
    );
    auto credit = stripe_credit(9'999'300, "s2", "po_2", july(15));
    credit.charges_minor = 700;
    const auto close = close_in(july_2026, {ours}, {lines, bank_file({credit})});
    EXPECT_EQ(
        rows_of(close, "provider,stripe,live,HUF"),
        (Words{"captured,1,100000.00", "paid_out,2,-200000.00", "payouts_returned,1,100000.00"})
    );
    EXPECT_EQ(
        rows_of(close, "in_transit,,,HUF"), (Words{
                                                "paid_out,,200000.00", "returned,,-100000.00",
                                                "on_bank,,-99993.00", "bank_charges,,-7.00"})
    );
    // What the bank kept is a part of the payout, not one of its own.
    ASSERT_EQ(close.accounts[0].payouts.size(), 3u);
    EXPECT_EQ(close.accounts[0].payouts[1].minor, -10'000'000);
    EXPECT_EQ(close.accounts[0].payouts[2].minor, 10'000'000);
}

TEST(MonthClose, of_a_conversion_has_what_it_came_to) {
    const auto ours = stripe_payment(1, 25'000, "a", currency("USD"));
    auto line = stripe_charge("a", 8'780'000, 315'850, "po_1");
    line.facing = Amount{25'000, currency("USD")};
    line.rate = Rate::parse("351.2");
    line.fee_parts = {{"processing", 140'250}, {"conversion", 175'600}};
    const auto close = close_in(
        july_2026, {ours}, {settlement_file({line}, {stripe_payout("po_1", 8'464'100)})},
        noon(july(9))
    );
    ASSERT_EQ(close.accounts.size(), 1u);
    EXPECT_EQ(
        rows_of(close, "provider,stripe,live,HUF"),
        (Words{
            "captured,1,87800.00", "fee: conversion,,-1756.00", "fee: processing,,-1402.50",
            "paid_out,1,-84641.00", "closing,,0.50"})
    );
}

// A payment of June that no settlement has, a line of a payout of July that nobody knows, a payout
// of July that never came to the bank, and a credit of July that is of no payout.
FullMonth month_with_findings() {
    return {
        {stripe_payment(1, 3'000'000, "missing", huf(), july(1) - std::chrono::days{2}),
         stripe_payment(2, 10'000'000, "b", huf(), july(1) - std::chrono::days{3})},
        {settlement_file(
             {stripe_charge("b", 10'000'000, 0, "po_1"),
              stripe_charge("stranger", 400'000, 0, "po_1")},
             {stripe_payout("po_1", 10'400'000, july(8))}
         ),
         bank_file({credit(77'700, "s9", "STRIPE", "no idea", july(20))})}};
}

TEST(MonthClose, counts_what_is_not_explained_until_its_end) {
    const auto [ours, files] = month_with_findings();
    const auto short_words = [](const MonthClose& close) {
        Words words;
        for (const auto& [finding, day] : close.findings)
            words.push_back(
                journal::day_text(day) + " " + std::string{name(finding.kind)} + " " +
                finding.subject
            );
        return words;
    };
    const auto june = close_in(june_2026, ours, files);
    EXPECT_EQ(short_words(june), Words{"6-29 missing_in_settlement TR1"});
    EXPECT_EQ(rows_of(june, "unexplained,,,HUF"), Words{"open,1,30000.00"});
    const auto of_july = close_in(july_2026, ours, files);
    EXPECT_EQ(
        short_words(of_july), (Words{
                                  "7-20 bank_credit_unknown s9", "7-8 line_unknown txn_stranger",
                                  "6-29 missing_in_settlement TR1", "7-8 payout_not_on_bank po_1"})
    );
    EXPECT_TRUE(of_july.has_open_findings());
    EXPECT_EQ(
        rows_of(of_july, "unexplained,,,HUF"),
        (Words{"open,4,138777.00", "suspense_closing,,-4000.00"})
    );
    EXPECT_EQ(of_july.accounts[0].unexplained_minor, 400'000);
    // What a person has accepted is apart, in the month it belongs to.
    std::vector<Decision> decisions;
    for (const auto& [finding, day] : of_july.findings)
        if (finding.kind != FindingKind::missing_in_settlement)
            decisions.push_back({finding.key, finding.minor, "HUF", "known"});
    const auto decided = close_in(july_2026, ours, files, noon(july(30)), decisions);
    EXPECT_EQ(
        rows_of(decided, "unexplained,,,HUF"),
        (Words{"open,1,30000.00", "accepted,3,108777.00", "suspense_closing,,-4000.00"})
    );
    const auto decided_june = close_in(june_2026, ours, files, noon(july(30)), decisions);
    EXPECT_EQ(rows_of(decided_june, "unexplained,,,HUF"), Words{"open,1,30000.00"});
}

TEST(MonthClose, counts_what_is_not_paid_out_yet_in_the_month_of_the_books) {
    auto line = stripe_charge("stranger", 400'000, 0, "");
    const std::vector<ParsedFile> files{settlement_file({line})};
    EXPECT_TRUE(close_in(june_2026, {}, files).findings.empty());
    const auto of_july = close_in(july_2026, {}, files);
    ASSERT_EQ(of_july.findings.size(), 1u);
    EXPECT_EQ(of_july.findings[0].day, july(30));
    EXPECT_EQ(of_july.accounts[0].unexplained_minor, 400'000);
}

TEST(MonthClose, is_ready_when_the_longest_delay_after_its_end_has_passed) {
    const auto state_at = [](const char* moment) {
        const auto as_of = parse_time(moment).value();
        return std::string{name(close_in(july_2026, {}, {}, as_of).state)};
    };
    EXPECT_EQ(state_at("2026-07-31T21:59:59.999Z"), "running");
    EXPECT_EQ(state_at("2026-07-31T22:00:00Z"), "settling");
    EXPECT_EQ(state_at("2026-08-10T21:59:59.999Z"), "settling");
    EXPECT_EQ(state_at("2026-08-10T22:00:00Z"), "ready");
    EXPECT_EQ(close_in(july_2026, {}, {}).ready_on, july(31) + std::chrono::days{11});
}

TEST(MonthClose, of_a_month_that_is_ready_is_the_same_whatever_happens_later) {
    auto [ours, files] = full_month();
    // The payout of the last day is on the bank in August.
    files.push_back(
        bank_file({stripe_credit(1'000'000, "s2", "po_2", july(31) + std::chrono::days{4})})
    );
    const auto may_change = [](const MonthClose& close, Time as_of) {
        auto document = json_of(close, close_record(as_of, {}));
        document.erase("as_of");
        document.erase("files");
        return json::write(document);
    };
    const auto closed = noon(july(31) + std::chrono::days{11});
    const auto first = close_in(july_2026, ours, files, closed);
    EXPECT_EQ(first.state, MonthState::ready);
    ours.push_back(stripe_payment(9, 4'400'000, "later", huf(), july(31) + std::chrono::days{9}));
    files.push_back(settlement_file(
        {stripe_charge("nobody", 50'000, 0, "po_9")},
        {stripe_payout("po_9", 50'000, july(31) + std::chrono::days{20})}
    ));
    std::ranges::reverse(files);
    const auto much_later = noon(july(31) + std::chrono::days{100});
    const auto again = close_in(july_2026, ours, files, much_later);
    EXPECT_EQ(csv_of(again), csv_of(first));
    EXPECT_EQ(may_change(again, much_later), may_change(first, closed));
    EXPECT_TRUE(close_in(august_2026, ours, files, much_later).has_open_findings());
}

TEST(MonthClose, names_the_table_of_the_month_by_its_digest) {
    const auto [ours, files] = full_month();
    const auto journal = journal_of(ours, files, period_of(july_2026), noon(july(31)));
    EXPECT_EQ(
        close_in(july_2026, ours, files, noon(july(31))).books_sha256,
        crypto::hex(crypto::sha256(written(journal, FileFormat::csv_plain)))
    );
}

TEST(MonthClose, names_files_by_a_digest_that_does_not_depend_on_their_order) {
    const std::string a(64, 'a'), b(64, 'b');
    const auto record = close_record(soon, {b, a, b});
    EXPECT_EQ(record.files, 2u);
    EXPECT_EQ(record.files_sha256, crypto::hex(crypto::sha256(a + "\n" + b + "\n")));
    EXPECT_EQ(close_record(soon, {a, b}).files_sha256, record.files_sha256);
}

TEST(MonthClose, is_a_page_of_text) {
    const auto [ours, files] = month_with_findings();
    const auto close = close_in(july_2026, ours, files);
    const auto text = text_of(close, close_record(noon(july(30)), {std::string(64, 'a')}));
    for (const auto* line :
         {"The month's close, 2026-07 (2026-07-01 to 2026-07-31)\n",
          "NOT CLOSED: the month has not ended, with 4 open findings\n",
          "\nHeld for us by Stripe live, HUF\n",
          "  opening balance                      130000.00\n",
          "  paid out                            -104000.00  1 payout\n",
          "  NOT EXPLAINED                          4000.00\n",
          "  closing balance                       30000.00\n",
          "\nPaid out and not on the bank, HUF\n",
          "  138777.00 HUF in 4 findings; in suspense: 0.00 HUF at the beginning, -4000.00 HUF at "
          "the "
          "end\n",
          "2026-07-08 payout_not_on_bank po_1: 104000.00 HUF\n",
          "Made of 1 file as of 2026-07-30T12"})
        EXPECT_NE(text.find(line), text.npos) << line << "\n" << text;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
}

// An id is whatever a file has in its place.
TEST(MonthClose, has_no_line_that_a_file_wrote) {
    auto line = stripe_charge("x", 400'000, 0, "");
    line.line_id = "txn\x1B[2J\nFindings: none";
    const std::vector<ParsedFile> files{settlement_file({line})};
    const auto as_of = noon(july(30));
    const auto report = matched({}, files, as_of);
    const auto close = close_in(july_2026, {}, files, as_of);
    for (const auto& text :
         {text_of(close, close_record(as_of, {})), settlement::text_of(report, {}, as_of)}) {
        const auto at = text.find("line_unknown txn");
        ASSERT_NE(at, text.npos) << text;
        EXPECT_NE(text.find("Findings: none", at), text.npos) << text;
        EXPECT_EQ(text.find('\x1B'), text.npos) << text;
        EXPECT_EQ(text.find("\nFindings: none"), text.npos) << text;
    }
}

TEST(MonthClose, of_nothing_says_so) {
    const auto close = close_in(july_2026, {}, {});
    EXPECT_TRUE(close.accounts.empty());
    const auto text = text_of(close, close_record(soon, {}));
    EXPECT_NE(text.find("Not explained until 2026-07-31\n  nothing\n"), text.npos) << text;
    EXPECT_NE(text.find("\n0 movements; "), text.npos) << text;
    const auto june = close_in(
        june_2026, {stripe_payment(1, 100, "a", huf(), july(1) - std::chrono::days{3})}, {}
    );
    const auto of_june = text_of(june, close_record(soon, {}));
    EXPECT_NE(of_june.find("\n1 movement; "), of_june.npos) << of_june;
}

TEST(Months, are_read_as_they_are_written) {
    EXPECT_EQ(read_month("2026-07"), july_2026);
    EXPECT_EQ(month_text(july_2026), "2026-07");
    EXPECT_EQ(month_text(Month{std::chrono::year{2026}, std::chrono::November}), "2026-11");
    for (const auto* wrong :
         {"", "2026", "2026-7", "2026-13", "2026-00", "0999-01", "9999-01", "2026-07-01", "2026/07",
          "July   ", "-026-07", "2026-0x"})
        EXPECT_FALSE(read_month(wrong)) << wrong;
    const auto december = period_of(Month{std::chrono::year{2026}, std::chrono::December});
    EXPECT_EQ(date_text(*december.from), "2026-12-01");
    EXPECT_EQ(date_text(*december.to), "2027-01-01");
}

}  // namespace
}  // namespace payments::settlement::journal
