#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "settlement/readers/misread.hpp"

// The encodings that files of Hungarian banks and providers come in
// (docs/bank_statements.md, 5.1). Pure.
namespace payments::settlement {

enum class Charset : std::uint8_t { utf_8, windows_1250, iso_8859_2 };

// "utf-8", "windows-1250" or "iso-8859-2", in either case; Errc::invalid_request for another.
Result<Charset> charset_of(std::string_view name);

// The same text in UTF-8, without a byte order mark. Errc::invalid_request with the line and the
// byte in it where a byte is no character of the encoding.
Result<std::string> to_utf8(std::string_view bytes, Charset charset);

// The same where nobody tells the encoding: UTF-8 if it is that, else Windows-1250.
Result<std::string> to_utf8(std::string_view bytes);

// What each byte of a single-byte encoding means, as a code point; 0xFFFD for none.
std::array<char16_t, 256> characters_of(Charset charset);

}  // namespace payments::settlement
