#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "settlement/records.hpp"

namespace payments::settlement::journal {

// Text on its way to a file, handed on in large pieces. For one thread.
class Output {
public:
    explicit Output(std::ostream& out) : out_(out) {}
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output() { out_.write(text_.data(), static_cast<std::streamsize>(text_.size())); }

    std::string& text() { return text_; }
    // Between two lines.
    void pause() {
        if (text_.size() < piece_bytes) return;
        out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
        text_.clear();
    }

private:
    static constexpr std::size_t piece_bytes = 64 << 10;

    std::ostream& out_;
    std::string text_;
};

// "-104000.00", with as many decimals as asked for; the last digits are dropped where these are
// fewer than the currency has.
void append_amount(std::string& text, Amount amount, int decimals, char point = '.');
// "104000.00": all decimals that its currency has.
std::string amount_text(Amount amount);
// "assets:bank:huf      125009.00 HUF": the digits end in the column `end`, two blanks behind the
// account at least, for those end its name.
void append_posting(std::string& text, std::string_view account, Amount amount, std::size_t end);

}  // namespace payments::settlement::journal
