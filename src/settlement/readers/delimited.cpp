#include "settlement/readers/delimited.hpp"

#include <algorithm>
#include <array>

namespace payments::settlement {

Result<std::optional<Row>> DelimitedReader::next() {
    using Next = std::optional<Row>;
    undoubled_.clear();
    if (rest_.find_first_not_of("\r\n") == rest_.npos) return Next{};
    Row row{.line = line_, .fields = {}};
    for (bool is_last = false; !is_last;) {
        const auto place = row.place_of(row.fields.size());
        if (row.fields.size() == fields_max)
            return misread(place, "a row has more than " + std::to_string(fields_max) + " fields");
        const auto field = next_field(place);
        if (!field) return field.error();
        row.fields.push_back(field->text);
        is_last = field->is_last;
    }
    if (row.fields.size() == 1 && row.fields[0].empty())
        return misread({row.line, 0}, "the line is empty");
    return Next{std::move(row)};
}

Result<DelimitedReader::Field> DelimitedReader::next_field(Place place) {
    const std::array excel{'=', form_.quote};
    const std::string_view wrap{excel.data(), excel.size()};
    if (form_.unwrap_excel_text && rest_.starts_with(wrap)) rest_.remove_prefix(1);
    auto text = rest_.starts_with(form_.quote) ? take_quoted(place) : take_bare(place);
    if (!text) return text.error();
    // The same wrap inside quotes: "=""15333""".
    auto& field = *text;
    if (form_.unwrap_excel_text && field.size() >= 3 && field.starts_with(wrap) &&
        field.ends_with(form_.quote))
        field = field.substr(2, field.size() - 3);
    if (field.size() > field_bytes_max)
        return misread(
            place, "a field has more than " + std::to_string(field_bytes_max) + " bytes"
        );
    if (field.find('\0') != field.npos) return misread(place, "a field holds a NUL");
    const auto is_last = take_end(place);
    if (!is_last) return is_last.error();
    return Field{field, *is_last};
}

Result<std::string_view> DelimitedReader::take_bare(Place place) {
    const std::array ends{form_.separator, form_.quote, '\r', '\n'};
    const auto end =
        std::min(rest_.find_first_of(std::string_view{ends.data(), ends.size()}), rest_.size());
    if (end < rest_.size() && rest_[end] == form_.quote)
        return misread(place, "a quote stands inside a field that does not begin with one");
    const auto text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return text;
}

Result<std::string_view> DelimitedReader::take_quoted(Place place) {
    std::string* joined = nullptr;  // once a quote was doubled
    rest_.remove_prefix(1);
    while (true) {
        const auto end = rest_.find(form_.quote);
        if (end == rest_.npos) return misread(place, "a quote is opened and never closed");
        const auto part = rest_.substr(0, end);
        line_ += static_cast<std::size_t>(std::ranges::count(part, '\n'));
        rest_.remove_prefix(end + 1);
        const bool is_doubled = rest_.starts_with(form_.quote);
        if (!joined && !is_doubled) return part;
        if (!joined) joined = undoubled_.emplace_back(std::make_unique<std::string>()).get();
        joined->append(part);
        if (!is_doubled) return std::string_view{*joined};
        joined->push_back(form_.quote);
        rest_.remove_prefix(1);
    }
}

Result<bool> DelimitedReader::take_end(Place place) {
    if (rest_.empty()) return true;
    if (rest_.front() == form_.separator) {
        rest_.remove_prefix(1);
        return false;
    }
    const std::size_t bytes = rest_.starts_with("\r\n") ? 2 : rest_.front() == '\n' ? 1 : 0;
    if (bytes == 0 && rest_.front() == '\r')
        return misread(place, "a carriage return is not followed by a line feed");
    if (bytes == 0) return misread(place, "something follows the quote that closes a field");
    rest_.remove_prefix(bytes);
    ++line_;
    return true;
}

}  // namespace payments::settlement
