#include <algorithm>
#include <optional>

#include "fuzz.hpp"
#include "gateway/stripe/units.hpp"

// A currency of three letters and a decimal text after it, held against sums done digit by digit.
namespace {

using namespace payments;
using fuzz::require;

std::optional<std::int64_t> minor_of(std::string_view text, Currency currency) {
    const auto point = std::min(text.find('.'), text.size());
    const auto whole = text.substr(0, point);
    std::string fraction{point < text.size() ? text.substr(point + 1) : ""};
    const auto digits = [](std::string_view part) {
        return !part.empty() && part.find_first_not_of("0123456789") == part.npos;
    };
    if (!digits(whole) || (whole.size() > 1 && whole[0] == '0')) return {};
    if (point < text.size() && !digits(fraction)) return {};
    const auto decimals = static_cast<std::size_t>(currency.decimals());
    if (fraction.size() > decimals) return {};
    fraction.resize(decimals, '0');

    std::int64_t minor = 0;
    for (const char c : std::string{whole} + fraction) {
        minor = minor * 10 + (c - '0');
        if (minor > Money::limit) return {};
    }
    return minor;
}

void judge(Money money) {
    const auto text = money.decimal();
    require(*Money::parse(text, money.currency()) == money);
    require(*Money::of(money.minor(), money.currency()) == money);
    require(text.find('.') == text.npos || !text.ends_with('0'));
    const bool is_price = money.currency().code() != "HUF" || money.minor() % 100 == 0;
    require(Money::parse_price(text, money.currency()).has_value() == is_price);

    const auto told = json::parse(json::write(json::amount(money)));
    require(told && json::decimal_text(*told) == text);

    const auto twice = money.plus(money);
    require(twice.has_value() == (2 * money.minor() <= Money::limit));
    require(!twice || twice->minor() == 2 * money.minor());

    // Stripe's units mean the same amount, or there are none for it.
    const std::string code{money.currency().code()};
    if (const auto units = stripe::to_units(money))
        require(stripe::from_units(*units, code) == money);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const auto code = text.substr(0, 3);
    const auto amount = text.substr(code.size());
    const auto currency = Currency::of(code);
    if (!currency) {
        fuzz::require_sendable(currency.error(), code);
        return 0;
    }
    require(currency->code() == code);

    const auto money = Money::parse(amount, *currency);
    const auto minor = minor_of(amount, *currency);
    require(money.has_value() == minor.has_value());
    if (money) {
        require(money->minor() == *minor && money->currency() == *currency);
        judge(*money);
    } else {
        fuzz::require_sendable(money.error(), amount);
    }
    return 0;
}
