#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "settlement/readers/readers.hpp"

// What the tests of the readers share: samples, and records as text, one a line.
namespace payments::settlement {

// A file of tests/settlement/data, as it is.
inline std::string sample(const std::string& name) {
    std::ifstream file{PROJECT_ROOT "/tests/settlement/data/" + name, std::ios::binary};
    if (!file) throw std::runtime_error{"no sample " + name};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// `text` with the first `from` in it changed to `to`; a table of mistakes is made of a good file.
inline std::string changed(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == text.npos) throw std::runtime_error{"nothing to change: " + std::string{from}};
    return text.replace(at, from.size(), to);
}

inline std::string tell(const std::optional<Day>& day) {
    if (!day) return "-";
    const std::chrono::year_month_day date{*day};
    const auto two = [](unsigned number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return std::to_string(int{date.year()}) + '-' + two(unsigned{date.month()}) + '-' +
           two(unsigned{date.day()});
}

inline std::string tell(const std::optional<std::int64_t>& number) {
    return number ? std::to_string(*number) : "-";
}

// kind id source reference, sums, parts, what the visitor saw, day, payout, line of the file
inline std::string tell(const SettlementLine& line) {
    auto text = std::string{name(line.kind)} + ' ' + line.line_id + ' ' + line.source_id + ' ' +
                line.charge_id + ' ' + line.payment_id + ' ' + line.reference + ", " +
                std::to_string(line.gross_minor) + " - " + std::to_string(line.fee_minor) + " = " +
                std::to_string(line.net_minor) + ' ' + std::string{line.currency.code()};
    for (const auto& part : line.fee_parts)
        text += ", " + part.kind + ' ' + std::to_string(part.minor);
    if (line.facing)
        text += ", facing " + std::to_string(line.facing->minor) + ' ' +
                std::string{line.facing->currency.code()};
    if (line.rate)
        text += ", rate " + std::to_string(line.rate->digits) + '/' +
                std::to_string(line.rate->decimals);
    return text + ", " + tell(line.day) + ' ' + line.payout_id + " @" + std::to_string(line.row);
}

inline std::string tell(const PayoutFact& payout) {
    return payout.account + ' ' + payout.payout_id + ' ' + tell(payout.amount_minor) + ' ' +
           std::string{payout.currency.code()} + ' ' +
           std::to_string(static_cast<int>(payout.status)) + ' ' + tell(payout.arrival) + ' ' +
           payout.trace_id + (payout.is_automatic.value_or(false) ? " automatic" : "") + " @" +
           std::to_string(payout.row);
}

inline std::string tell(const BankLine& line) {
    return std::to_string(line.minor) + ' ' + tell(line.booked) + ", " + line.payer + ' ' +
           line.payer_account + ", " + line.text + ", " + line.reference + ", " +
           line.bank_reference + (line.part > 0 ? '/' + std::to_string(line.part) : "") +
           (line.is_reversal ? " reversal" : "") +
           (line.charges_minor > 0 ? " charges " + std::to_string(line.charges_minor) : "") + " @" +
           std::to_string(line.row);
}

inline std::string tell(const Statement& statement) {
    return statement.account + ' ' + std::string{statement.currency.code()} + ' ' + statement.id +
           ' ' + (statement.number ? std::to_string(*statement.number) : "-") + '/' +
           std::to_string(statement.page) + ' ' + tell(statement.from) + ".." + tell(statement.to) +
           ' ' + tell(statement.opening_minor) + ' ' + tell(statement.closing_minor);
}

using Told = std::vector<std::string>;

// Each record of a file; of statements each and its lines. The error, when there is one.
inline Told tell(const Result<ParsedFile>& file) {
    if (!file) return {file.error().detail};
    Told told;
    for (const auto& line : file->lines) told.push_back(tell(line));
    for (const auto& payout : file->payouts) told.push_back("payout " + tell(payout));
    for (const auto& statement : file->statements) {
        told.push_back(tell(statement));
        for (const auto& line : statement.lines) told.push_back("  " + tell(line));
    }
    if (file->skipped > 0) told.push_back("skipped " + std::to_string(file->skipped));
    return told;
}

// A change to a good file, and what is then said of it.
struct Spoilt {
    std::string_view from, to, detail;
};

template <class Changes>
void expect_refusals(
    const std::string& good, const Changes& changes, const ReadOptions& options = {}
) {
    for (const auto& [from, to, detail] : changes) {
        SCOPED_TRACE(std::string{from} + " -> " + std::string{to});
        const auto file = read_file(changed(good, from, to), options);
        EXPECT_FALSE(file);
        if (file) continue;
        EXPECT_EQ(file.error().detail, detail);
        EXPECT_FALSE(file.error().wrong.empty());
    }
}

}  // namespace payments::settlement
