#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/readers/delimited.hpp"

// Columns of a table by the labels of its first row. Pure.
namespace payments::settlement {

using Column = std::optional<std::size_t>;  // counted from 0

class Header {
public:
    explicit Header(const Row& row);

    std::size_t size() const { return labels_.size(); }
    // The column with this label, or one that begins so; counted from 0. Errc::invalid_request,
    // whose detail is "two columns are labelled 'x'", when several are.
    Result<Column> find(std::string_view label, bool is_beginning = false) const;
    const std::string& label(std::size_t column) const { return labels_[column]; }
    // Takes away an unlabelled column at the end, and says whether there was one.
    bool drop_spare_column();

private:
    std::vector<std::string> labels_;  // without blanks around them
};

// The cell of a row; empty where the row has no such column.
std::string_view cell(const Row& row, Column column);

}  // namespace payments::settlement
