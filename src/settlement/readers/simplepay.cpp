#include <algorithm>
#include <set>

#include "settlement/readers/days.hpp"
#include "settlement/readers/header.hpp"
#include "settlement/readers/mapping.hpp"
#include "settlement/readers/readers.hpp"

// SimplePay's weekly report, or what a merchant gets instead of it, by a mapping
// (docs/providers/simplepay.md, 18).
namespace payments::settlement {
namespace {

// The labels of 2021 and of 2026 (docs/providers/simplepay.md, 18.3).
constexpr std::string_view usual_mapping = R"({
    "name": "simplepay", "version": 1, "processor": "SIMPLE",
    "file": {
        "separator": ";", "decimal": ",", "unwrap_excel_text": true, "trailing_separator": true
    },
    "columns": {
        "kind": {
            "starts": "Tranzakció státusz", "values": {"COMPLETED": "charge", "REFUND": "refund"}
        },
        "provider_id": {"is": "SimplePay tranzakció ID"},
        "reference": {"is": "Kereskedői tranzakció ID"},
        "at": {"is": "Tranzakció dátuma", "time": "%Y-%m-%d %H:%M:%S"},
        "done_at": {"is": "Teljesítés dátuma", "time": "%Y-%m-%d %H:%M:%S", "optional": true},
        "currency": {"is": "Devizanem"},
        "fee": {"is": "Tranzakciós jutalék"},
        "fee_parts": [
            {"starts": "Bankközi", "name": "interchange", "optional": true},
            {"starts": "Kártyatársasági díj", "name": "scheme", "optional": true},
            {"is": "Kereskedői díj", "name": "merchant", "optional": true}
        ],
        "gross": {"is": "Tranzakció összege"},
        "net": {"is": "Jutalékkal csökkentett összeg"}
    },
    "payout": {"group_by": "file", "date_from_name": "report_{yyyymmdd}.csv"},
    "sign": {"refund": "out"},
    "never_read": ["Vásárló", "E-mail cím"],
    "unknown_kind": "finding"
})";

class MappedTable {
public:
    MappedTable(std::string_view text, const Mapping& mapping, const ReadOptions& options)
        : rows_(text, mapping.form), mapping_(mapping), options_(options) {
        file_.format = Format::simplepay;
    }

    Result<ParsedFile> read() {
        const auto first = rows_.next();
        if (!first) return first.error();
        if (!*first) return misread({}, "the file is empty");
        find_columns(**first);
        if (mistakes_.are_there()) return mistakes_.error();
        while (!mistakes_.are_enough()) {
            auto row = rows_.next();
            if (!row) mistakes_.add(row.error());
            if (!row || !*row) break;
            if (is_whole(**row)) read_row(**row);
        }
        if (!mistakes_.are_there() && file_.lines.empty() && !options_.may_be_empty)
            return misread({}, "the file has no line but its header");
        if (currencies_.size() > 1 && !chosen_account().empty())
            mistakes_.add({}, "one account takes one currency, and the file has several");
        if (mistakes_.are_there()) return mistakes_.error();
        return std::move(file_);
    }

private:
    void find_columns(const Row& row) {
        Header header{row};
        has_spare_ = header.drop_spare_column();
        if (has_spare_ && !mapping_.may_have_trailing_separator)
            mistakes_.add({row.line, 0}, "the row ends with a separator more");
        width_ = header.size();
        for (std::size_t i = 0; i < field_count; ++i)
            if (mapping_.columns[i]) columns_[i] = find(header, *mapping_.columns[i], row.line);
        for (const auto& part : mapping_.fee_parts)
            fee_parts_.push_back(find(header, part.first, row.line));
    }

    Column find(const Header& header, const ColumnRule& rule, std::size_t line) {
        const auto found = header.find(rule.label, rule.is_beginning);
        const auto label = shown(rule.label);
        if (!found) {
            mistakes_.add({line, 0}, found.error().detail);
        } else if (!*found && !rule.is_optional) {
            mistakes_.add({line, 0}, "the column " + label + " is missing");
        } else if (*found && std::ranges::count(mapping_.never_read, header.label(**found)) > 0) {
            mistakes_.add({line, **found + 1}, "the column " + label + " is never to be read");
        } else if (*found && !taken_.insert(**found).second) {
            // One of the two begins with what the other is.
            mistakes_.add(
                {line, **found + 1}, "two members of the mapping name the column " +
                                         shown(header.label(**found))
            );
        } else {
            return *found;
        }
        return {};
    }

    // A row with a cell for each column. Where the header ends with a separator more, so does every
    // row: else one that lacks a cell would look whole.
    bool is_whole(Row& row) {
        const bool is_longer = has_spare_ || row.fields.size() > width_;
        const bool has_spare =
            mapping_.may_have_trailing_separator && is_longer && row.fields.back().empty();
        if (has_spare) row.fields.pop_back();
        if (row.fields.size() == width_ && (has_spare || !has_spare_)) return true;
        mistakes_.add(
            {row.line, 0}, "the row has " + std::to_string(row.fields.size()) +
                               " fields, the header has " + std::to_string(width_) +
                               (has_spare_ ? " and a separator more" : "")
        );
        return false;
    }

    Column column(Field field) const { return columns_[static_cast<std::size_t>(field)]; }
    std::string_view said(const Row& row, Field field) const { return cell(row, column(field)); }

    void mistake(const Row& row, Column column, std::string_view why) {
        mistakes_.add(column ? row.place_of(*column) : Place{row.line, 0}, why);
    }

    std::optional<std::int64_t> amount(
        const Row& row, Column column, std::string_view what, Currency currency
    ) {
        const auto text = cell(row, column);
        const auto read = read_amount(text, currency, mapping_.amounts);
        if (read) return *read;
        mistake(
            row, column,
            "the " + std::string{what} + ", " + shown_number(text) + ", " + read.error().detail
        );
        return {};
    }

    void read_row(const Row& row) {
        const auto currency = read_currency(said(row, Field::currency));
        if (!currency) return mistake(row, column(Field::currency), currency.error().detail);
        const auto gross = amount(row, column(Field::gross), "gross", *currency);
        const auto fee = amount(row, column(Field::fee), "fee", *currency);
        const auto net = amount(row, column(Field::net), "net", *currency);
        if (!gross || !fee || !net) return;

        const auto word = said(row, Field::kind);
        const auto kind = mapping_.kinds.find(word);
        SettlementLine line{
            .processor = mapping_.processor,
            .account = account(row, *currency),
            .kind = kind == mapping_.kinds.end() ? LineKind::unknown : kind->second,
            .kind_as_written = std::string{word},
            .source_id = std::string{said(row, Field::provider_id)},
            .reference = std::string{said(row, Field::reference)},
            .currency = *currency,
            .gross_minor = *gross,
            .fee_minor = *fee,
            .net_minor = *net,
            .row = row.line};
        if (line.kind == LineKind::unknown && mapping_.refuses_unknown_kinds)
            mistake(row, column(Field::kind), "the kind " + shown(word) + " is not known");
        turn(line);
        read_fee_parts(row, line);
        read_facing(row, line);
        read_times(row, line);
        read_payout(row, line);
        name_line(row, line);
        currencies_.insert(currency->code());
        file_.lines.push_back(std::move(line));
    }

    void turn(SettlementLine& line) const {
        const auto sign = mapping_.signs.find(line.kind);
        if (sign == mapping_.signs.end()) return;
        const std::int64_t way = sign->second == Mapping::Sign::out ? -1 : 1;
        line.gross_minor = way * std::abs(line.gross_minor);
        line.net_minor = way * std::abs(line.net_minor);
    }

    void read_fee_parts(const Row& row, SettlementLine& line) {
        for (std::size_t i = 0; i < fee_parts_.size(); ++i) {
            if (!fee_parts_[i]) continue;
            const auto& name = mapping_.fee_parts[i].second;
            const auto minor = amount(row, fee_parts_[i], name, line.currency);
            if (minor) line.fee_parts.push_back({name, *minor});
        }
    }

    void read_facing(const Row& row, SettlementLine& line) {
        const auto place = column(Field::facing_amount);
        if (cell(row, place).empty()) return;
        const auto code = said(row, Field::facing_currency);
        const auto currency = code.empty() ? Result<Currency>{line.currency} : read_currency(code);
        if (!currency) return mistake(row, column(Field::facing_currency), currency.error().detail);
        const auto minor = amount(row, place, "facing amount", *currency);
        const bool is_out = line.gross_minor < 0;
        if (minor) line.facing = Amount{is_out ? -std::abs(*minor) : std::abs(*minor), *currency};
    }

    // When it was completed, for that is when money moved; else when it began.
    void read_times(const Row& row, SettlementLine& line) {
        const bool is_done = !said(row, Field::done_at).empty();
        const auto field = is_done ? Field::done_at : Field::at;
        line.at = said(row, field);
        if (line.at.empty()) return;
        const auto& pattern = mapping_.column(field)->time;
        line.day = pattern.empty() ? read_day_of_time(line.at) : day_by(pattern, line.at);
        if (!line.day && !pattern.empty())
            mistake(
                row, column(field),
                "the time, " + shown_number(line.at) + ", is not of the form " + pattern
            );
    }

    void read_payout(const Row& row, SettlementLine& line) {
        if (mapping_.payout_by == Mapping::PayoutBy::none) return;
        const auto& name = options_.name;
        if (mapping_.payout_by == Mapping::PayoutBy::column)
            line.payout_id = said(row, Field::payout_id);
        else
            line.payout_id =
                options_.payout.empty() ? name.substr(0, name.rfind('.')) : options_.payout;
        if (line.payout_id.empty()) return;
        const bool is_known = std::ranges::any_of(file_.payouts, [&](const PayoutFact& payout) {
            return payout.payout_id == line.payout_id && payout.currency == line.currency;
        });
        if (is_known) return;
        PayoutFact payout{
            .processor = line.processor,
            .account = line.account,
            .payout_id = line.payout_id,
            .currency = line.currency,
            .row = row.line};
        if (mapping_.payout_by == Mapping::PayoutBy::file)
            payout.arrival = day_in_name(name, mapping_.date_from_name);
        file_.payouts.push_back(std::move(payout));
    }

    void name_line(const Row& row, SettlementLine& line) {
        const bool is_unknown = line.kind == LineKind::unknown;
        if (const auto id = said(row, Field::line_id); !id.empty())
            line.line_id = id;
        else if (!line.source_id.empty())
            line.line_id =
                line.source_id + ':' +
                (is_unknown ? line.kind_as_written : std::string{settlement::name(line.kind)});
        else if (is_unknown)  // a fee of the month, perhaps: by its place in its report
            line.line_id = line.payout_id + '#' + std::to_string(row.line);
        else
            mistake(row, column(Field::provider_id), "the line has no id");
    }

    const std::string& chosen_account() const {
        return options_.account.empty() ? mapping_.account : options_.account;
    }

    std::string account(const Row& row, Currency currency) {
        if (!chosen_account().empty()) return chosen_account();
        const auto found = mapping_.accounts.find(currency.code());
        if (found != mapping_.accounts.end()) return found->second;
        const auto code = std::string{currency.code()};
        if (accountless_.insert(code).second)
            mistake(
                row, column(Field::currency),
                "nobody tells which merchant account " + code + " is of"
            );
        return {};
    }

    DelimitedReader rows_;
    const Mapping& mapping_;
    const ReadOptions& options_;
    std::size_t width_ = 0;
    bool has_spare_ = false;  // the header ends with a separator more
    std::array<Column, field_count> columns_{};
    std::vector<Column> fee_parts_;
    std::set<std::size_t> taken_;  // columns that a member of the mapping names
    std::set<std::string_view> currencies_;
    std::set<std::string> accountless_;
    Mistakes mistakes_;
    ParsedFile file_;
};

}  // namespace

Result<ParsedFile> read_simplepay(std::string_view bytes, const ReadOptions& options) {
    const auto mapping = read_mapping(options.mapping.empty() ? usual_mapping : options.mapping);
    if (!mapping) return mapping.error();
    const auto text = mapping->charset ? to_utf8(bytes, *mapping->charset) : to_utf8(bytes);
    if (!text) return text.error();
    return MappedTable{*text, *mapping, options}.read();
}

}  // namespace payments::settlement
