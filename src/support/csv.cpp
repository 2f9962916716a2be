#include "support/csv.hpp"

#include <algorithm>

#include "support/times.hpp"

namespace payments {
namespace {

// "=1+1" is a formula to a spreadsheet, as is what begins with these; a tab or the end of a line is
// passed over before it looks.
bool may_be_a_formula(std::string_view words) {
    constexpr std::string_view beginnings = "=+-@\t\r\n";
    return !words.empty() && beginnings.find(words.front()) != beginnings.npos;
}

bool needs_quotes(char c) { return c == ',' || c == ';' || c == '"' || c == '\r' || c == '\n'; }

}  // namespace

void append_csv_text(std::string& line, std::string_view words) {
    const std::string_view guard = may_be_a_formula(words) ? "'" : "";
    if (std::ranges::none_of(words, needs_quotes)) {
        line.append(guard).append(words);
        return;
    }
    line.append("\"").append(guard);
    for (const char c : words) line.append(c == '"' ? 2 : 1, c);
    line += '"';
}

CsvWriter& CsvWriter::text(std::string_view words) {
    field("");
    append_csv_text(text_, words);
    return *this;
}

CsvWriter& CsvWriter::number(std::int64_t number) {
    field(std::to_string(number));
    return *this;
}

CsvWriter& CsvWriter::amount(std::int64_t minor, Currency currency) {
    auto digits = std::to_string(minor < 0 ? -minor : minor);
    const auto decimals = static_cast<std::size_t>(currency.decimals());
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    if (decimals > 0)
        digits.insert(digits.size() - decimals, 1, form_ == CsvForm::excel_hu ? ',' : '.');
    field((minor < 0 ? "-" : "") + digits);
    return *this;
}

CsvWriter& CsvWriter::time(Time moment) {
    const auto text = rfc3339(moment, zone_.offset_at(moment));
    if (form_ == CsvForm::rfc4180)
        field(text);
    else
        field(
            text.substr(0, 4) + "." + text.substr(5, 2) + "." + text.substr(8, 2) + ". " +
            text.substr(11, 5)
        );
    return *this;
}

CsvWriter& CsvWriter::time(const std::optional<Time>& moment) {
    if (moment) return time(*moment);
    field("");
    return *this;
}

CsvWriter& CsvWriter::day(Time moment) {
    const auto text = rfc3339(moment, zone_.offset_at(moment));
    if (form_ == CsvForm::rfc4180)
        field(text.substr(0, 10));
    else
        field(text.substr(0, 4) + "." + text.substr(5, 2) + "." + text.substr(8, 2) + ".");
    return *this;
}

void CsvWriter::end_line() {
    text_ += "\r\n";
    is_first_ = true;
}

void CsvWriter::field(std::string_view bare) {
    if (!is_first_) text_ += form_ == CsvForm::excel_hu ? ';' : ',';
    is_first_ = false;
    text_ += bare;
}

}  // namespace payments
