#include <gtest/gtest.h>

#include <algorithm>

#include "settlement/journal/month_close.hpp"
#include "settlement/readers/reading.hpp"
#include "settlement/report_output.hpp"
#include "settlement/world.hpp"

// The samples of tests/settlement/data are one world in which everything agrees.
namespace payments::settlement {
namespace {

using world::live;

struct Listed {
    std::string file, payout{};
};
const std::vector<Listed> with_camt{
    {"simplepay-report-huf_20260708.csv"},
    {"simplepay-report-eur_20260708.csv"},
    {"stripe-payout_reconciliation.itemized.5.csv"},
    {"stripe-balance_transactions-po_S1.json", "po_S1"},
    {"stripe-payouts.json"},
    {"bank-camt053_20260709.xml"},
};

ParsedFile read(const Listed& listed) {
    ReadOptions options;
    options.name = listed.file;
    options.payout = listed.payout;
    // It names no account: the mapping knows one for each currency; Stripe's tables are "live".
    if (listed.file.starts_with("simplepay")) options.mapping = sample("mapping-simplepay.json");
    if (listed.file.starts_with("stripe")) options.account = "live";
    return read_file(sample(listed.file), options).value();
}

Books our_books() { return read_books(sample("ours.json")).value(); }

Report report_of(const std::vector<ParsedFile>& files, const Books& books) {
    Evidence evidence;
    for (const auto& file : files) evidence.add(file).value();
    return match(books, evidence, Delays{}, books.as_of);
}

// A payout in a line: lines, gross, fees, net, paid, bank, its charges, carried on.
using Sums = std::array<std::int64_t, 8>;
Sums sums_of(const Report& report, Processor processor, const char* account, const char* code) {
    const auto& payouts = report.accounts.at({processor, account, code}).payouts;
    EXPECT_EQ(payouts.size(), 1u);
    const auto& payout = payouts.at(0);
    EXPECT_EQ(payout.state, PayoutState::paid_out);
    return {
        static_cast<std::int64_t>(payout.lines),
        payout.gross_minor,
        payout.fee_minor,
        payout.net_minor,
        payout.amount_minor,
        payout.bank_minor.value_or(0),
        payout.bank_charges_minor,
        payout.carry_out_minor};
}

TEST(WholeWorld, has_no_finding_and_these_sums) {
    std::vector<ParsedFile> files;
    for (const auto& listed : with_camt) files.push_back(read(listed));
    const auto report = report_of(files, our_books());
    EXPECT_EQ(world::short_findings(report), world::Words{});
    EXPECT_EQ(
        report.unexplained_minor,
        (std::map<std::string, std::int64_t>{{"EUR", 0}, {"HUF", 0}, {"USD", 0}})
    );
    EXPECT_EQ(
        sums_of(report, Processor::simplepay, "S123401", "HUF"),
        (Sums{4, 20'800'000, 390'000, 20'410'000, 20'410'000, 20'410'000, 0, 0})
    );
    EXPECT_EQ(
        sums_of(report, Processor::simplepay, "S123402", "EUR"),
        (Sums{1, 22'000, 396, 21'604, 21'604, 21'104, 500, 0})
    );
    EXPECT_EQ(
        sums_of(report, Processor::stripe, "live", "HUF"),
        (Sums{7, 14'015'000, 1'514'050, 12'500'950, 12'500'900, 12'500'900, 0, 50})
    );
    EXPECT_EQ(
        sums_of(report, Processor::stripe, "live", "EUR"),
        (Sums{1, 22'000, 355, 21'645, 21'645, 21'645, 0, 0})
    );
    EXPECT_EQ(
        live(report).fees_minor, (std::map<std::string, std::int64_t>{
                                     {"conversion", 175'600},
                                     {"dispute", 600'000},
                                     {"other", 15'000},
                                     {"processing", 738'450}})
    );
    std::size_t not_ours = 0;
    for (const auto& [account, bank] : report.banks) not_ours += bank.not_ours;
    EXPECT_EQ(not_ours, 1u);
    for (const auto& [key, account] : report.accounts) {
        EXPECT_EQ(account.facts_left_over(), 0);
        EXPECT_EQ(account.balance_left_over(), 0);
    }
}

TEST(WholeWorld, has_no_finding_in_any_order_of_its_files) {
    std::vector<ParsedFile> files;
    for (const auto& listed : with_camt) files.push_back(read(listed));
    const auto books = our_books();
    const auto first = report_of(files, books);
    std::vector<int> order{0, 1, 2, 3, 4, 5};
    do {
        std::vector<ParsedFile> in_order;
        for (const auto i : order) in_order.push_back(files[static_cast<std::size_t>(i)]);
        const auto report = report_of(in_order, books);
        ASSERT_EQ(world::short_findings(report), world::Words{});
        ASSERT_EQ(report.accounts, first.accounts);
    } while (std::ranges::next_permutation(order).found);
}

TEST(WholeWorld, has_no_finding_with_each_source_alone_that_tells_the_same) {
    const auto books = our_books();
    auto files = std::vector<ParsedFile>{};
    // The table alone; the list of one payout, whoever says which one it is, or nobody.
    for (const auto& stripe : std::vector<std::vector<Listed>>{
             {with_camt[2]},
             {with_camt[2], with_camt[4]},
             {with_camt[2], {with_camt[3].file, ""}},
         }) {
        files.clear();
        for (const auto i : {0, 1, 5})
            files.push_back(read(with_camt[static_cast<std::size_t>(i)]));
        for (const auto& listed : stripe) files.push_back(read(listed));
        const auto report = report_of(files, books);
        EXPECT_EQ(world::short_findings(report), world::Words{}) << stripe.size();
        EXPECT_EQ(live(report).payouts.at(0).amount_minor, 12'500'900);
    }
}

TEST(WholeWorld, has_no_finding_in_the_words_of_the_other_bank_file) {
    std::vector<ParsedFile> files;
    for (const auto i : {0, 2, 4}) files.push_back(read(with_camt[static_cast<std::size_t>(i)]));
    files.push_back(read({"bank-otp-huf_20260708.csv"}));
    const auto report = report_of(files, our_books());
    EXPECT_EQ(world::short_findings(report), world::Words{});
    EXPECT_EQ(live(report).payouts.at(0).bank_minor, 12'500'900);

    Evidence evidence;
    for (const auto& file : files) evidence.add(file).value();
    const auto refused = evidence.add(read(with_camt[5]));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("otp-csv"), std::string::npos);
}

// An account in a line: at the beginning, captured, refunded, disputed, fees, paid out, at the end.
TEST(WholeWorld, closes_june_and_july_with_these_sums) {
    const auto books = our_books();
    const auto zone = TimeZone::load("Europe/Budapest").value();
    const auto lines_of = [&](std::chrono::month month) {
        Evidence evidence;
        for (const auto& listed : with_camt) evidence.add(read(listed)).value();
        journal::CloseMaker maker{std::chrono::year{2026} / month, zone, books.as_of, Delays{}};
        maker.books().add({books.as_of}, std::move(evidence));
        for (const auto& transaction : books.transactions) maker.books().hear(0, transaction);
        const auto close = maker.finish(books.decisions);
        EXPECT_TRUE(close.findings.empty());
        world::Words words;
        for (const auto& a : close.accounts) {
            auto line = a.account + " " + std::string{a.currency.code()};
            for (const auto minor :
                 {a.opening_minor, a.captured.minor, a.refunded.minor, a.disputed.minor,
                  -a.fees_sum(), a.paid_out.minor, a.closing_minor})
                line += " " + std::to_string(minor);
            words.push_back(std::move(line));
        }
        return words;
    };
    EXPECT_EQ(
        lines_of(std::chrono::June),
        (world::Words{
            "S123401 HUF 0 15600000 0 0 0 0 15600000", "live HUF 0 26050000 0 0 0 0 26050000"})
    );
    EXPECT_EQ(
        lines_of(std::chrono::July),
        (world::Words{
            "S123401 HUF 15600000 10400000 -5200000 0 -390000 -20410000 0",
            "S123402 EUR 0 22000 0 0 -396 -21604 0", "live EUR 0 22000 0 0 -355 -21645 0",
            "live HUF 26050000 8780000 -10400000 -10400000 -1529050 -12500900 50"})
    );
}

TEST(WholeWorld, is_told_to_people_and_to_programs) {
    std::vector<ParsedFile> files;
    for (const auto& listed : with_camt) files.push_back(read(listed));
    const auto books = our_books();
    const auto report = report_of(files, books);
    const std::vector<TakenFile> taken{
        {"a.csv", "simplepay", accounts_of(files[0], ""), FileCounts{4, 0, 0, 0}}};
    EXPECT_EQ(
        json::write(json_of(report, taken, books.as_of)),
        R"({"as_of":"2026-07-09T22:00:00.000Z","files":[{"file":"a.csv","format":"simplepay",)"
        R"("account":"S123401","lines":{"new":4,"known":0,"conflicting":0,"skipped":0}}],)"
        R"("findings":[],"unexplained":{"EUR":0,"HUF":0,"USD":0}})"
    );
    const auto text = text_of(report, taken, books.as_of);
    for (const auto* words :
         {"Settlements as of 2026-07-09T22:00:00.000Z", "SimplePay S123401 HUF",
          "208000 = 208000 settled + 0 waiting", "left over: 0",
          "125009 on the bank, due 2026-07-08", "carried in 0, carried on 0.5",
          "fee: conversion         1756", "Findings: none", "the bank booked 211.04 and charged 5",
          "Unexplained: 0 EUR 0 HUF 0 USD"})
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
}

}  // namespace
}  // namespace payments::settlement
