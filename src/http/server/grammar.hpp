#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "support/text.hpp"

// The character classes of RFC 9110 section 5 and RFC 3986, as strict as we take them.
namespace payments::http {

using CharacterClass = std::array<bool, 256>;

constexpr bool is_alphanumeric(unsigned c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

template <class Predicate>
constexpr CharacterClass class_of(Predicate contains) {
    CharacterClass members{};
    for (unsigned c = 0; c < members.size(); ++c) members[c] = contains(c);
    return members;
}

constexpr bool one_of(unsigned c, std::string_view set) {
    return c < 0x80 && set.find(static_cast<char>(c)) != set.npos;
}

// tchar: what methods and header names are made of.
inline constexpr CharacterClass token_characters =
    class_of([](unsigned c) { return is_alphanumeric(c) || one_of(c, "!#$%&'*+-.^_`|~"); });
// field-vchar, SP and HTAB; bytes above 0x7f are opaque.
inline constexpr CharacterClass value_characters =
    class_of([](unsigned c) { return c == '\t' || (c >= 0x20 && c != 0x7f); });
// Visible ASCII without the fragment mark: browsers leave more of it unescaped than RFC 3986 has.
inline constexpr CharacterClass target_characters =
    class_of([](unsigned c) { return c > 0x20 && c < 0x7f && c != '#'; });
// uri-host and port, without the sub-delimiters no real name has.
inline constexpr CharacterClass host_characters =
    class_of([](unsigned c) { return is_alphanumeric(c) || one_of(c, "-._~%:[]"); });
// What we let callers name their requests with.
inline constexpr CharacterClass id_characters =
    class_of([](unsigned c) { return is_alphanumeric(c) || one_of(c, "._-"); });

constexpr bool all_in(const CharacterClass& members, std::string_view text) {
    bool all = true;  // no early exit: nearly every text passes, and this form has no branches
    for (const char c : text) all &= members[static_cast<unsigned char>(c)];
    return all;
}

constexpr bool is_token(std::string_view text) {
    return !text.empty() && all_in(token_characters, text);
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return text::to_lower(x) == text::to_lower(y);
           });
}

// Whether a comma-separated list (Connection) has this member.
constexpr bool list_contains(std::string_view list, std::string_view member) {
    while (true) {
        const auto comma = list.find(',');
        if (equal_ignoring_case(text::trim(list.substr(0, comma), text::ows), member)) return true;
        if (comma == list.npos) return false;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace payments::http
