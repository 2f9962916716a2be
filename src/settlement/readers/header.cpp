#include "settlement/readers/header.hpp"

#include "support/text.hpp"

namespace payments::settlement {

Header::Header(const Row& row) {
    for (const auto field : row.fields) labels_.emplace_back(text::trim(field));
}

Result<Column> Header::find(std::string_view label, bool is_beginning) const {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
        if (is_beginning ? !labels_[i].starts_with(label) : labels_[i] != label) continue;
        if (found)
            return Error{
                Errc::invalid_request, std::string{"two columns "} +
                                           (is_beginning ? "begin with " : "are labelled ") +
                                           shown(label)};
        found = i;
    }
    return found;
}

bool Header::drop_spare_column() {
    if (labels_.empty() || !labels_.back().empty()) return false;
    labels_.pop_back();
    return true;
}

std::string_view cell(const Row& row, Column column) {
    return column && *column < row.fields.size() ? row.fields[*column] : std::string_view{};
}

}  // namespace payments::settlement
