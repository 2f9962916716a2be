#include "settlement/journal/output.hpp"

#include <charconv>

namespace payments::settlement::journal {

void append_amount(std::string& text, Amount amount, int decimals, char point) {
    char digits[24];
    // Away from 0 is towards the one end of int64 that has no opposite.
    auto left = amount.minor < 0 ? ~static_cast<std::uint64_t>(amount.minor) + 1
                                 : static_cast<std::uint64_t>(amount.minor);
    for (int i = amount.currency.decimals(); i > decimals; --i) left /= 10;
    const auto end = std::to_chars(digits, digits + sizeof digits, left).ptr;
    const auto count = static_cast<int>(end - digits);
    if (amount.minor < 0) text += '-';
    const auto whole = count - decimals;
    if (whole <= 0) {
        text += '0';
    } else {
        text.append(digits, static_cast<std::size_t>(whole));
    }
    if (decimals == 0) return;
    text += point;
    if (whole < 0) text.append(static_cast<std::size_t>(-whole), '0');
    text.append(whole > 0 ? digits + whole : digits, end);
}

std::string amount_text(Amount amount) {
    std::string text;
    append_amount(text, amount, amount.currency.decimals());
    return text;
}

void append_posting(std::string& text, std::string_view account, Amount amount, std::size_t end) {
    const auto digits = amount_text(amount);
    const auto taken = account.size() + digits.size();
    text.append(account).append(taken + 2 < end ? end - taken : 2, ' ');
    text.append(digits).append(" ").append(amount.currency.code());
}

}  // namespace payments::settlement::journal
