#include "settlement/readers/amount.hpp"

#include <algorithm>
#include <string>

namespace payments::settlement {
namespace {

constexpr std::size_t characters_max = 20;

bool are_digits(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

// "1 234 567" without its blanks; unchanged where the threes are not in order, which then is no
// number.
std::string ungrouped(std::string_view whole, char mark) {
    const auto first = whole.find(mark);
    if (mark == '\0' || first == whole.npos) return std::string{whole};
    std::string digits{whole.substr(0, first)};
    const bool begins_well = first >= 1 && first <= 3;
    for (auto at = first; begins_well && at < whole.size(); at += 4) {
        const auto three = whole.substr(at + 1, 3);
        if (whole[at] != mark || three.size() != 3) return std::string{whole};
        digits += three;
    }
    return begins_well ? digits : std::string{whole};
}

}  // namespace

Result<std::int64_t> read_amount(std::string_view text, Currency currency, AmountForm form) {
    const Error no_amount{Errc::invalid_request, "is not an amount"};
    if (text.size() > characters_max) return no_amount;
    const bool is_negative = text.starts_with('-');
    if (is_negative) text.remove_prefix(1);

    const auto point = std::min(text.find(form.decimal), text.size());
    const auto whole = ungrouped(text.substr(0, point), form.grouping);
    const bool has_point = point < text.size();
    auto fraction = has_point ? text.substr(point + 1) : std::string_view{};
    const bool well_formed = !whole.empty() && are_digits(whole) && are_digits(fraction) &&
                             (!has_point || !fraction.empty() || form.open_fraction) &&
                             (whole.size() == 1 || whole[0] != '0' || form.leading_zeros);
    if (!well_formed) return no_amount;

    const auto decimals = static_cast<std::size_t>(currency.decimals());
    if (form.spare_zeros)
        while (fraction.size() > decimals && fraction.ends_with('0')) fraction.remove_suffix(1);
    if (fraction.size() > decimals)
        return Error{
            Errc::invalid_request, "has more decimals than " + std::string{currency.code()}};

    const Error too_large{Errc::invalid_request, "is too large"};
    std::int64_t minor = 0;
    for (const char c :
         whole + std::string{fraction} + std::string(decimals - fraction.size(), '0')) {
        minor = minor * 10 + (c - '0');
        if (minor > amount_limit_minor) return too_large;
    }
    return is_negative ? -minor : minor;
}

}  // namespace payments::settlement
