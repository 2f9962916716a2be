#pragma once

#include <string>
#include <string_view>

// Plain ASCII text, whatever the locale. Pure functions, for any thread.
namespace payments::text {

// Optional white space of RFC 9110 section 5.6.3: a line break in a header is never white space.
inline constexpr std::string_view ows = " \t";

// Without `blanks` around it.
constexpr std::string_view trim(std::string_view text, std::string_view blanks = " \t\r\n") {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char to_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// A copy in which A-Z are a-z; bytes above 0x7f stay.
inline std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result) c = to_lower(c);
    return result;
}
inline std::string upper(std::string_view text) {
    std::string result{text};
    for (char& c : result) c = to_upper(c);
    return result;
}

}  // namespace payments::text
