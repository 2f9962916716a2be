#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/readers/misread.hpp"

// Tables as text, in RFC 4180's form with any separator. Pure.
namespace payments::settlement {

struct Delimited {
    char separator = ',';
    char quote = '"';
    // Spreadsheets are kept from taking ="15333" for a number by what is no RFC 4180: a field that
    // begins with =" and ends with the next quote. Its text is what stands between the quotes.
    bool unwrap_excel_text = false;
};

// One row, and where it begins.
struct Row {
    std::size_t line = 0;
    std::vector<std::string_view> fields;  // good until the next row is read

    // Of a field by its index, which is counted from 0; as a place its column counts from 1.
    Place place_of(std::size_t index) const { return {line, index + 1}; }
};

// Reads rows one after the other, so that memory does not grow with the table. Lines end with LF or
// CR LF, the last one perhaps with neither; quoted fields may hold line breaks. `text` outlives it.
class DelimitedReader {
public:
    static constexpr std::size_t fields_max = 512;
    static constexpr std::size_t field_bytes_max = 64 * 1024;

    DelimitedReader(std::string_view text, Delimited form) : rest_(text), form_(form) {}

    // The next row; nothing at the end. Errors: a quote inside a bare field or behind a quoted one,
    // a quote that is never closed, a CR without LF, a NUL, more fields or a longer field than
    // above, and an empty line before others.
    Result<std::optional<Row>> next();

private:
    struct Field {
        std::string_view text;
        bool is_last;
    };

    Result<Field> next_field(Place place);
    Result<std::string_view> take_bare(Place place);
    Result<std::string_view> take_quoted(Place place);
    Result<bool> take_end(Place place);  // whether the row ends here

    std::string_view rest_;
    const Delimited form_;
    std::size_t line_ = 1;
    // Fields of the row in which quotes were doubled; one for each, so that none moves.
    std::vector<std::unique_ptr<std::string>> undoubled_;
};

}  // namespace payments::settlement
