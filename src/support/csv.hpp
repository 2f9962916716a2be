#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "payment/exports.hpp"
#include "support/time_zone.hpp"

// Tables as text, for spreadsheets and other programs (docs/money.md, 5).
namespace payments {

// Puts a text behind what is in the line: in quotes where something in it would end the field. A
// text that a spreadsheet would run as a formula gets a ' before it.
void append_csv_text(std::string& line, std::string_view words);

// Writes a table line by line. Whatever was written is taken away by taken(), so that memory does
// not grow with the table. `zone` outlives it. Throws std::bad_alloc alone; for one thread.
class CsvWriter {
public:
    CsvWriter(CsvForm form, const TimeZone& zone) : form_(form), zone_(zone) {}

    // What begins the file: Excel takes UTF-8 for what it is only behind a byte order mark.
    void begin() {
        if (form_ == CsvForm::excel_hu) text_ += "\xef\xbb\xbf";
    }
    // A field of the line, as append_csv_text writes it.
    CsvWriter& text(std::string_view words);
    CsvWriter& number(std::int64_t number);
    // With all decimals of its currency; may be less than 0.
    CsvWriter& amount(std::int64_t minor, Currency currency);
    CsvWriter& time(Time moment);
    CsvWriter& time(const std::optional<Time>& moment);  // empty without one
    CsvWriter& day(Time moment);
    void end_line();

    std::string taken() { return std::exchange(text_, {}); }
    std::size_t size() const { return text_.size(); }

private:
    void field(std::string_view bare);

    const CsvForm form_;
    const TimeZone& zone_;
    std::string text_;
    bool is_first_ = true;
};

}  // namespace payments
