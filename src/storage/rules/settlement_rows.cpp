#include "storage/rules/settlement_rows.hpp"

#include <map>

#include "settlement/evidence.hpp"
#include "support/json.hpp"

namespace payments::ledger {
namespace {

using settlement::Day;

Cell cell(const std::optional<std::int64_t>& number) { return number ? Cell{*number} : Cell{}; }
Cell cell(const std::optional<Day>& day) {
    return day ? Cell{std::int64_t{day->time_since_epoch().count()}} : Cell{};
}
Cell cell(std::string_view text) { return std::string{text}; }
Cell cell(std::size_t number) { return static_cast<std::int64_t>(number); }
Cell cell(int number) { return std::int64_t{number}; }
Cell cell(Time time) { return std::int64_t{time.time_since_epoch().count()}; }

// NULL, 0 and "" are told apart.
void add_cell(Canonical& text, const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell))
        text.add("#" + std::to_string(*number));
    else if (const auto* word = std::get_if<std::string>(&cell))
        text.add("'" + *word);
    else
        text.add("-");
}

// All but the last cell, which is the link's own hash.
std::string link(std::string_view what, std::string_view previous, const Cells& cells) {
    Canonical text;
    text.add(what).add(previous);
    for (std::size_t i = 0; i + 1 < cells.size(); ++i) add_cell(text, cells[i]);
    return text.hash();
}

}  // namespace

std::vector<SettlementTable::Column> SettlementTable::columns() const {
    std::vector<Column> list;
    for (auto rest = words; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        auto word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const bool is_number = word.ends_with('#');
        if (is_number) word.remove_suffix(1);
        list.push_back({word, is_number});
    }
    return list;
}

std::string SettlementTable::names() const {
    std::string names_;
    for (const auto& column : columns())
        names_.append(names_.empty() ? "" : ", ").append(column.name);
    return names_;
}

std::string SettlementTable::places() const {
    std::string places_;
    const auto count = columns().size();
    for (std::size_t i = 1; i <= count; ++i) places_ += (i == 1 ? "$" : ", $") + std::to_string(i);
    return places_;
}

Cells cells_of(const settlement::SettlementLine& line) {
    const auto& facing = line.facing;
    const auto& rate = line.rate;
    return {
        cell(name(line.processor)),
        line.account,
        cell(name(line.kind)),
        line.kind_as_written,
        line.line_id,
        line.source_id,
        line.charge_id,
        line.payment_id,
        line.reference,
        cell(line.currency.code()),
        line.gross_minor,
        line.fee_minor,
        line.net_minor,
        written(line.fee_parts),
        facing ? Cell{facing->minor} : Cell{},
        cell(facing ? facing->currency.code() : std::string_view{}),
        rate ? Cell{rate->digits} : Cell{},
        rate ? cell(rate->decimals) : Cell{},
        line.at,
        cell(line.day),
        line.payout_id,
        cell(line.row)};
}

Cells cells_of(const settlement::PayoutFact& fact) {
    return {
        cell(name(fact.processor)),
        fact.account,
        fact.payout_id,
        cell(fact.currency.code()),
        cell(fact.amount_minor),
        cell(name(fact.status)),
        cell(fact.arrival),
        fact.trace_id,
        fact.descriptor,
        fact.is_automatic ? cell(*fact.is_automatic ? 1 : 0) : Cell{},
        cell(fact.row)};
}

Cells cells_of(const settlement::Statement& statement) {
    return {
        statement.account,
        settlement::bank_account_key(statement.account),
        cell(statement.currency.code()),
        statement.id,
        statement.number ? cell(*statement.number) : Cell{},
        cell(statement.page),
        cell(statement.from),
        cell(statement.to),
        cell(statement.opening_minor),
        cell(statement.closing_minor)};
}

Cells cells_of(const settlement::BankLine& line) {
    return {
        line.minor,
        line.charges_minor,
        cell(std::optional{line.booked}),
        line.payer,
        line.payer_account,
        line.text,
        line.reference,
        line.bank_reference,
        cell(line.part),
        cell(line.is_reversal ? 1 : 0),
        cell(line.row)};
}

Cells cells_of(const KeptFile& file) {
    return {file.id,       file.sha256,         cell(name(file.format)),
            file.name,     file.size,           file.account,
            file.payout,   file.mapping,        file.skipped,
            cell(file.at), file.by.sub,         file.by.name,
            file.records,  file.records_sha256, file.hash};
}

Cells cells_of(const KeptDecision& decision) {
    return {decision.id,       cell(decision.is_accepted ? "accept" : "reopen"),
            decision.finding,  decision.kind,
            decision.subject,  decision.minor,
            decision.currency, decision.reason,
            cell(decision.at), decision.by.sub,
            decision.by.name,  decision.hash};
}

void RecordsDigest::add(std::string_view table, const Cells& cells) {
    Canonical text;
    text.add(hex_).add(table);
    for (const auto& one : cells) add_cell(text, one);
    hex_ = text.hash();
    ++count_;
}

std::string link_hash(std::string_view previous, const KeptFile& file) {
    return link("settlement file", previous, cells_of(file));
}

std::string link_hash(std::string_view previous, const KeptDecision& decision) {
    return link("settlement decision", previous, cells_of(decision));
}

std::vector<settlement::Decision> that_count(const std::vector<KeptDecision>& decisions) {
    std::map<std::string_view, const KeptDecision*> newest;
    for (const auto& decision : decisions)
        if (decision.kind != closing_kind) newest[decision.finding] = &decision;
    std::vector<settlement::Decision> counting;
    for (const auto& [finding, decision] : newest)
        if (decision->is_accepted)
            counting.push_back(
                {decision->finding, decision->minor, decision->currency, decision->reason}
            );
    return counting;
}

KeptDecision decision_of(const settlement::journal::MonthClosing& closing, const Actor& by) {
    KeptDecision decision;
    decision.subject = settlement::journal::month_text(closing.month);
    decision.kind = closing_kind;
    decision.finding = decision.kind + "-" + decision.subject;
    decision.minor = closing.files;
    decision.reason = closing.reason;
    decision.at = closing.at;
    decision.by = by;
    return decision;
}

std::vector<settlement::journal::MonthClosing> closings_in(
    const std::vector<KeptDecision>& decisions
) {
    std::vector<settlement::journal::MonthClosing> closings;
    for (const auto& decision : decisions) {
        if (decision.kind != closing_kind) continue;
        const auto month = settlement::journal::read_month(decision.subject);
        if (!month) throw from_row::Damaged{"a row is damaged: the month " + decision.subject};
        closings.push_back(
            {*month, decision.at, decision.minor, decision.by.name, decision.reason}
        );
    }
    return closings;
}

std::string written(const std::vector<settlement::FeePart>& parts) {
    if (parts.empty()) return {};
    json::array list;
    for (const auto& part : parts) list.push_back(json::array{part.kind, part.minor});
    return json::write(list);
}

std::vector<settlement::FeePart> fee_parts_of(std::string_view text) {
    std::vector<settlement::FeePart> parts;
    if (text.empty()) return parts;
    const auto read = json::parse(text);
    const auto* list = read ? read->if_array() : nullptr;
    if (!list) throw from_row::Damaged{"a row is damaged: the fees " + std::string{text}};
    for (const auto& one : *list) {
        const auto* pair = one.if_array();
        if (!pair || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_int64())
            throw from_row::Damaged{"a row is damaged: the fees " + std::string{text}};
        parts.push_back({std::string{(*pair)[0].get_string()}, (*pair)[1].get_int64()});
    }
    return parts;
}

}  // namespace payments::ledger
