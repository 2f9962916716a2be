#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "flow/settlement/settlements.hpp"
#include "settlement/findings.hpp"
#include "settlement/records.hpp"
#include "storage/rules/blocking_database.hpp"
#include "storage/rules/rows.hpp"

// Settlements as both databases keep them (docs/settlements.md, 7): rows of what files say and of
// decisions, and the hashes that chain them. Pure functions, for any thread.
namespace payments::ledger {

// A table and its columns, in words: "day#" holds numbers, all else texts.
struct SettlementTable {
    std::string_view name, words;

    struct Column {
        std::string_view name;
        bool is_number;
    };
    std::vector<Column> columns() const;
    std::string names() const;  // "file_id, n, processor"
    // "$1, $2, $3"
    std::string places() const;
};

inline constexpr SettlementTable settlement_files{
    "settlement_files",
    "id# sha256 format name size# account payout mapping skipped# at# by_sub by_name records#"
    " records_sha256 hash"};
inline constexpr SettlementTable settlement_lines{
    "settlement_lines",
    "file_id# n# processor account kind kind_as_written line_id source_id charge_id payment_id"
    " reference currency gross_minor# fee_minor# net_minor# fee_parts facing_minor# facing_currency"
    " rate_digits# rate_decimals# at day# payout_id file_row#"};
inline constexpr SettlementTable settlement_payouts{
    "settlement_payouts",
    "file_id# n# processor account payout_id currency amount_minor# status arrival# trace_id"
    " descriptor is_automatic# file_row#"};
inline constexpr SettlementTable bank_statements{
    "bank_statements",
    "file_id# n# account account_key currency statement_id number# page# from_day# to_day#"
    " opening_minor# closing_minor#"};
inline constexpr SettlementTable bank_lines{
    "bank_lines",
    "file_id# n# m# amount_minor# charges_minor# booked# payer payer_account text reference"
    " bank_reference part# is_reversal# file_row#"};
inline constexpr SettlementTable settlement_decisions{
    "settlement_decisions",
    "id# decision finding kind subject amount_minor# currency reason at# by_sub by_name hash"};

// Rows without their file and their place in it, in the order of the tables' columns.
Cells cells_of(const settlement::SettlementLine& line);
Cells cells_of(const settlement::PayoutFact& fact);
Cells cells_of(const settlement::Statement& statement);
Cells cells_of(const settlement::BankLine& line);
// Whole rows.
Cells cells_of(const KeptFile& file);
Cells cells_of(const KeptDecision& decision);

// A running SHA-256 over rows, in the order in which they stand in a file: lines, payouts,
// statements, and each statement's entries behind it.
class RecordsDigest {
public:
    void add(std::string_view table, const Cells& cells);
    std::int64_t count() const { return count_; }
    const std::string& hex() const { return hex_; }

private:
    std::int64_t count_ = 0;
    std::string hex_;
};

// The link of a file or decision: SHA-256 in hex over the hash before and every other column.
std::string link_hash(std::string_view previous, const KeptFile& file);
std::string link_hash(std::string_view previous, const KeptDecision& decision);

// Those decisions about findings that count, of all in their order: of each finding the newest,
// unless it was opened again.
std::vector<settlement::Decision> that_count(const std::vector<KeptDecision>& decisions);

// A month that somebody has closed stands among the decisions: one of this kind, about the month,
// for so many files.
inline constexpr std::string_view closing_kind = "month_close";
KeptDecision decision_of(const settlement::journal::MonthClosing& closing, const Actor& by);
// Those of them, in the order of months.
std::vector<settlement::journal::MonthClosing> closings_in(
    const std::vector<KeptDecision>& decisions
);

// '[["processing",3650],["tax",120]]'; "" for none.
std::string written(const std::vector<settlement::FeePart>& parts);
std::vector<settlement::FeePart> fee_parts_of(std::string_view text);

// Rows of either database, as from_row; `first` is the column behind file and place. Throw
// from_row::Damaged.
template <class Row>
std::optional<std::int64_t> number_or_null(const Row& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{row.integer(column)};
}
template <class Row>
std::optional<settlement::Day> day_or_null(const Row& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return settlement::Day{std::chrono::days{row.integer(column)}};
}
template <class T>
T known_word(std::optional<T> value, std::string_view word) {
    if (!value) throw from_row::Damaged{"a row is damaged: the word " + std::string{word}};
    return *value;
}

// Columns from `first` on, as they are.
template <class Row>
Cells read_cells(const Row& row, const SettlementTable& table, std::size_t first) {
    const auto columns = table.columns();
    Cells cells;
    for (auto i = first; i < columns.size(); ++i) {
        const auto column = static_cast<int>(i);
        if (row.is_null(column))
            cells.emplace_back();
        else if (columns[i].is_number)
            cells.emplace_back(row.integer(column));
        else
            cells.emplace_back(row.text(column));
    }
    return cells;
}

template <class Row>
settlement::SettlementLine line_row(const Row& row, int first = 2) {
    const auto text = [&](int column) { return row.text(first + column); };
    settlement::SettlementLine line{
        from_row::sound(processor_of(text(0))),
        text(1),
        known_word(settlement::line_kind_of(text(2)), text(2)),
        text(3),
        text(4),
        text(5),
        text(6),
        text(7),
        text(8),
        from_row::sound(Currency::of(text(9)))};
    line.gross_minor = row.integer(first + 10);
    line.fee_minor = row.integer(first + 11);
    line.net_minor = row.integer(first + 12);
    line.fee_parts = fee_parts_of(text(13));
    if (const auto minor = number_or_null(row, first + 14))
        line.facing = {*minor, from_row::sound(Currency::of(text(15)))};
    if (const auto digits = number_or_null(row, first + 16))
        line.rate = {*digits, static_cast<int>(row.integer(first + 17))};
    line.at = text(18);
    line.day = day_or_null(row, first + 19);
    line.payout_id = text(20);
    line.row = static_cast<std::size_t>(row.integer(first + 21));
    return line;
}

template <class Row>
settlement::PayoutFact payout_row(const Row& row, int first = 2) {
    const auto text = [&](int column) { return row.text(first + column); };
    settlement::PayoutFact fact{
        from_row::sound(processor_of(text(0))), text(1), text(2),
        from_row::sound(Currency::of(text(3)))};
    fact.amount_minor = number_or_null(row, first + 4);
    fact.status = known_word(settlement::payout_status_of(text(5)), text(5));
    fact.arrival = day_or_null(row, first + 6);
    fact.trace_id = text(7);
    fact.descriptor = text(8);
    if (const auto automatic = number_or_null(row, first + 9)) fact.is_automatic = *automatic != 0;
    fact.row = static_cast<std::size_t>(row.integer(first + 10));
    return fact;
}

// Without its entries.
template <class Row>
settlement::Statement statement_row(const Row& row, int first = 2) {
    const auto text = [&](int column) { return row.text(first + column); };
    settlement::Statement statement{text(0), from_row::sound(Currency::of(text(2))), text(3)};
    if (const auto number = number_or_null(row, first + 4))
        statement.number = static_cast<int>(*number);
    statement.page = static_cast<int>(row.integer(first + 5));
    statement.from = day_or_null(row, first + 6);
    statement.to = day_or_null(row, first + 7);
    statement.opening_minor = number_or_null(row, first + 8);
    statement.closing_minor = number_or_null(row, first + 9);
    return statement;
}

template <class Row>
settlement::BankLine bank_line_row(const Row& row, int first = 3) {
    const auto text = [&](int column) { return row.text(first + column); };
    settlement::BankLine line;
    line.minor = row.integer(first);
    line.charges_minor = row.integer(first + 1);
    line.booked = settlement::Day{std::chrono::days{row.integer(first + 2)}};
    line.payer = text(3);
    line.payer_account = text(4);
    line.text = text(5);
    line.reference = text(6);
    line.bank_reference = text(7);
    line.part = static_cast<int>(row.integer(first + 8));
    line.is_reversal = row.integer(first + 9) != 0;
    line.row = static_cast<std::size_t>(row.integer(first + 10));
    return line;
}

template <class Row>
KeptFile file_row(const Row& row) {
    KeptFile file;
    file.id = row.integer(0);
    file.sha256 = row.text(1);
    file.format = known_word(settlement::format_of(row.text(2)), row.text(2));
    file.name = row.text(3);
    file.size = row.integer(4);
    file.account = row.text(5);
    file.payout = row.text(6);
    file.mapping = row.text(7);
    file.skipped = row.integer(8);
    file.at = row.time(9);
    file.by = {row.text(10), row.text(11)};
    file.records = row.integer(12);
    file.records_sha256 = row.text(13);
    file.hash = row.text(14);
    return file;
}

template <class Row>
KeptDecision decision_row(const Row& row) {
    KeptDecision decision;
    decision.id = row.integer(0);
    decision.is_accepted = row.text(1) == "accept";
    decision.finding = row.text(2);
    decision.kind = row.text(3);
    decision.subject = row.text(4);
    decision.minor = row.integer(5);
    decision.currency = row.text(6);
    decision.reason = row.text(7);
    decision.at = row.time(8);
    decision.by = {row.text(9), row.text(10)};
    decision.hash = row.text(11);
    return decision;
}

}  // namespace payments::ledger
