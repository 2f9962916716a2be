#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "settlement/records.hpp"

namespace payments::settlement::journal {

// How much of a file is handed on at once, about.
inline constexpr std::size_t piece_bytes = std::size_t{64} << 10;

// "-104000.00", with as many decimals as asked for; the last digits are dropped where these are
// fewer than the currency has.
void append_amount(std::string& text, Amount amount, int decimals, char point = '.');
// "104000.00": all decimals that its currency has.
std::string amount_text(Amount amount);
// "assets:bank:huf      125009.00 HUF": the digits end in the column `end`, two blanks behind the
// account at least, for those end its name.
void append_posting(std::string& text, std::string_view account, Amount amount, std::size_t end);

}  // namespace payments::settlement::journal
