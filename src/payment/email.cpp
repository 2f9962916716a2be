#include "payment/email.hpp"

#include <algorithm>
#include <cstddef>

namespace payments {
namespace {

constexpr std::size_t length_max = 254;  // RFC 5321, 4.5.3.1.3, less the angle brackets
constexpr std::size_t local_max = 64;
constexpr std::size_t label_max = 63;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_local_part(std::string_view text) {
    constexpr std::string_view also = "!#$%&'*+-/=?^_`{|}~.";
    return !text.empty() && text.size() <= local_max && text.front() != '.' && text.back() != '.' &&
           text.find("..") == text.npos && std::ranges::all_of(text, [&](char c) {
               return is_letter_or_digit(c) || also.find(c) != also.npos;
           });
}

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= label_max && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
    const auto last_dot = text.rfind('.');
    if (last_dot == text.npos) return false;
    const auto top = text.substr(last_dot + 1);
    // A country or the like has two letters at least; what has digits alone is an IP address.
    if (top.size() < 2 || top.find_first_not_of("0123456789") == top.npos) return false;
    for (std::size_t from = 0; from <= text.size();) {
        const auto dot = std::min(text.find('.', from), text.size());
        if (!is_label(text.substr(from, dot - from))) return false;
        from = dot + 1;
    }
    return true;
}

}  // namespace

bool is_email(std::string_view text) {
    const auto at = text.rfind('@');
    return text.size() <= length_max && at != text.npos && is_local_part(text.substr(0, at)) &&
           is_domain(text.substr(at + 1));
}

}  // namespace payments
