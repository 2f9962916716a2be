#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// UTF-8 (RFC 3629). Pure functions.
namespace payments::utf8 {

inline constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// How many bytes the character at the start of `text` has; 0 when it is none.
std::size_t character_bytes(std::string_view text);
// How many characters (code points) it holds; a byte that belongs to none counts as one.
std::size_t length(std::string_view text);
// Whether all of it is characters, and none of them a control character (U+0000 to U+001F, U+007F
// to U+009F): what every database, JSON and a terminal take as it is.
bool is_printable(std::string_view text);
// The same text with `replacement` for each control character and each byte of none, so that what
// strangers wrote neither begins a line of its own nor moves a terminal's cursor.
std::string printable(std::string_view text);

}  // namespace payments::utf8
