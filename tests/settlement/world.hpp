#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "settlement/match.hpp"
#include "support/times.hpp"

// Short words for lines, payouts, entries and payments, as tests need them.
namespace payments::settlement::world {

inline Currency currency(const char* code) { return Currency::of(code).value(); }
inline Currency huf() { return currency("HUF"); }
inline Currency eur() { return currency("EUR"); }

// July 2026: the 8th is a Wednesday.
inline Day july(unsigned day) {
    return std::chrono::year{2026} / std::chrono::July / std::chrono::day{day};
}
inline Time noon(Day day) { return Time{day} + std::chrono::hours{12}; }

inline const std::string simple_account = "S123401";
inline const std::string week = "report_20260708";
inline const std::string bank_account = "HU42117730161111101800000000";

// ------------------------------------------------------------------------------ providers

inline SettlementLine simple_line(
    LineKind kind, const std::string& id, const std::string& reference, std::int64_t gross,
    std::int64_t fee, const std::string& payout = week, Currency in = huf()
) {
    SettlementLine line{
        .processor = Processor::simplepay, .account = simple_account, .kind = kind, .currency = in};
    line.line_id = id + ":" + std::string{name(kind)};
    line.source_id = id;
    line.reference = reference;
    line.gross_minor = gross;
    line.fee_minor = fee;
    line.net_minor = gross - fee;
    line.payout_id = payout;
    line.day = july(1);
    return line;
}

// Of Stripe's live account; `payment` is the number in the ids of charge and PaymentIntent.
inline SettlementLine stripe_line(
    LineKind kind, const std::string& id, const std::string& source, const std::string& payment,
    std::int64_t gross, std::int64_t fee, const std::string& payout, Currency in = huf()
) {
    SettlementLine line{
        .processor = Processor::stripe, .account = "live", .kind = kind, .currency = in};
    line.line_id = id;
    line.source_id = source;
    if (!payment.empty()) {
        line.charge_id = "ch_" + payment;
        line.payment_id = "pi_" + payment;
    }
    line.gross_minor = gross;
    line.fee_minor = fee;
    line.net_minor = gross - fee;
    line.payout_id = payout;
    line.day = july(1);
    return line;
}
inline SettlementLine stripe_charge(
    const std::string& number, std::int64_t gross, std::int64_t fee, const std::string& payout,
    Currency in = huf()
) {
    return stripe_line(
        LineKind::charge, "txn_" + number, "ch_" + number, number, gross, fee, payout, in
    );
}

inline PayoutFact stripe_payout(
    const std::string& id, std::int64_t minor, Day arrival = july(8), Currency in = huf(),
    PayoutStatus status = PayoutStatus::paid
) {
    PayoutFact fact{Processor::stripe, "live", id, in};
    fact.amount_minor = minor;
    fact.status = status;
    fact.arrival = arrival;
    fact.trace_id = "TRACE-" + id;
    fact.is_automatic = true;
    return fact;
}

inline PayoutFact simple_payout(const std::string& id = week, Day arrival = july(8)) {
    PayoutFact fact{Processor::simplepay, simple_account, id, huf()};
    fact.arrival = arrival;
    return fact;
}

inline ParsedFile settlement_file(
    std::vector<SettlementLine> lines, std::vector<PayoutFact> payouts = {}
) {
    ParsedFile file;
    file.lines = std::move(lines);
    file.payouts = std::move(payouts);
    return file;
}

// ------------------------------------------------------------------------------------ bank

inline BankLine credit(
    std::int64_t minor, const std::string& reference, const std::string& payer = "SIMPLEPAY ZRT.",
    const std::string& text = "T655300777", Day booked = july(8)
) {
    BankLine line;
    line.minor = minor;
    line.booked = booked;
    line.payer = payer;
    line.text = text;
    line.bank_reference = reference;
    return line;
}
inline BankLine stripe_credit(
    std::int64_t minor, const std::string& reference, const std::string& payout,
    Day booked = july(8)
) {
    return credit(
        minor, reference, "STRIPE TECHNOLOGY EUROPE LTD", "STRIPE TRACE-" + payout, booked
    );
}

inline ParsedFile bank_file(
    std::vector<BankLine> lines, Format format = Format::camt053, Currency in = huf()
) {
    ParsedFile file;
    file.format = format;
    Statement statement{bank_account, in};
    statement.lines = std::move(lines);
    file.statements.push_back(std::move(statement));
    return file;
}

// ------------------------------------------------------------------------------------ ours

inline OurTransaction simple_payment(
    std::int64_t id, std::int64_t minor, const std::string& provider_id, Day paid = july(1)
) {
    OurTransaction ours{id,
                        "TR" + std::to_string(id),
                        Processor::simplepay,
                        simple_account,
                        huf(),
                        minor,
                        provider_id,
                        ""};
    ours.paid_at = noon(paid);
    return ours;
}
inline OurTransaction stripe_payment(
    std::int64_t id, std::int64_t minor, const std::string& number, Currency in = huf(),
    Day paid = july(1)
) {
    OurTransaction ours{
        id,
        "TR" + std::to_string(id),
        Processor::stripe,
        "live",
        in,
        minor,
        "pi_" + number,
        "ch_" + number};
    ours.paid_at = noon(paid);
    return ours;
}
inline OurTransaction& with_refund(
    OurTransaction& ours, const std::string& provider_id, std::int64_t minor, Day at = july(3)
) {
    const auto number = std::to_string(ours.refunds.size() + 1);
    ours.refunds.push_back({ours.reference + "-R" + number, provider_id, minor, noon(at)});
    return ours;
}

// -------------------------------------------------------------------------------- matching

// Before any delay has passed.
inline const Time soon = noon(july(9));

inline Report matched(
    std::vector<OurTransaction> ours, const std::vector<ParsedFile>& files, Time as_of = soon
) {
    Evidence evidence;
    for (const auto& file : files) evidence.add(file).value();
    Books books{as_of, std::move(ours)};
    auto report = match(books, evidence, Delays{}, as_of);
    // Whatever happened, no line and no fact was lost on the way.
    for (const auto& [key, account] : report.accounts) {
        EXPECT_EQ(account.facts_left_over(), 0) << key.account << " " << key.currency;
        EXPECT_EQ(account.balance_left_over(), 0) << key.account << " " << key.currency;
    }
    return report;
}

// "line_differs TR3002 100000 HUF", of each.
inline std::vector<std::string> short_findings(const Report& report) {
    std::vector<std::string> words;
    for (const auto& finding : report.findings)
        words.push_back(
            std::string{name(finding.kind)} + " " + finding.subject + " " +
            std::to_string(finding.minor) + " " + std::string{finding.currency.code()}
        );
    return words;
}
using Words = std::vector<std::string>;

inline const AccountReport& account_in(
    const Report& report, Processor processor, const std::string& account,
    const std::string& code = "HUF"
) {
    return report.accounts.at({processor, account, code});
}
inline const AccountReport& live(const Report& report, const std::string& code = "HUF") {
    return account_in(report, Processor::stripe, "live", code);
}
inline const AccountReport& simple(const Report& report) {
    return account_in(report, Processor::simplepay, simple_account);
}

}  // namespace payments::settlement::world
