#pragma once

#include <cstddef>
#include <string_view>

// UTF-8 (RFC 3629). Pure functions.
namespace payments::utf8 {

inline constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// How many bytes the character at the start of `text` has; 0 when it is none.
std::size_t character_bytes(std::string_view text);
// How many characters (code points) it holds; a byte that belongs to none counts as one.
std::size_t length(std::string_view text);

}  // namespace payments::utf8
