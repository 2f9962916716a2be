#include "payment/money.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "payment/quoted_text.hpp"

namespace payments {
namespace {

struct Row {
    std::string_view code;
    int decimals;
};

// ISO 4217, active currencies with minor units, by code.
constexpr Row iso_currencies[] = {
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2},
    {"AWG", 2}, {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0},
    {"BMD", 2}, {"BND", 2}, {"BOB", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2}, {"BYN", 2},
    {"BZD", 2}, {"CAD", 2}, {"CDF", 2}, {"CHF", 2}, {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"CRC", 2},
    {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2},
    {"ERN", 2}, {"ETB", 2}, {"EUR", 2}, {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2},
    {"GIP", 2}, {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2}, {"HKD", 2}, {"HNL", 2}, {"HTG", 2},
    {"HUF", 2}, {"IDR", 2}, {"ILS", 2}, {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2},
    {"JOD", 3}, {"JPY", 0}, {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2}, {"KRW", 0},
    {"KWD", 3}, {"KYD", 2}, {"KZT", 2}, {"LAK", 2}, {"LBP", 2}, {"LKR", 2}, {"LRD", 2}, {"LSL", 2},
    {"LYD", 3}, {"MAD", 2}, {"MDL", 2}, {"MGA", 2}, {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2},
    {"MRU", 2}, {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MYR", 2}, {"MZN", 2}, {"NAD", 2},
    {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2}, {"OMR", 3}, {"PAB", 2}, {"PEN", 2},
    {"PGK", 2}, {"PHP", 2}, {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2}, {"RSD", 2},
    {"RUB", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2}, {"SEK", 2}, {"SGD", 2},
    {"SHP", 2}, {"SLE", 2}, {"SOS", 2}, {"SRD", 2}, {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2},
    {"SZL", 2}, {"THB", 2}, {"TJS", 2}, {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2},
    {"TWD", 2}, {"TZS", 2}, {"UAH", 2}, {"UGX", 0}, {"USD", 2}, {"UYU", 2}, {"UZS", 2}, {"VES", 2},
    {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAF", 0}, {"XCD", 2}, {"XOF", 0}, {"XPF", 0}, {"YER", 2},
    {"ZAR", 2}, {"ZMW", 2},
};
static_assert(std::ranges::is_sorted(iso_currencies, {}, &Row::code));
static_assert(std::size(iso_currencies) < 256);

constexpr std::array<std::int64_t, 4> powers_of_ten{1, 10, 100, 1000};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Error no_amount(std::string_view text, std::string_view why) {
    return {Errc::invalid_request, "amount " + quoted(text, 32) + " " + std::string{why}};
}

}  // namespace

Result<Currency> Currency::of(std::string_view code) {
    const auto* row = std::ranges::lower_bound(iso_currencies, code, {}, &Row::code);
    if (row == std::end(iso_currencies) || row->code != code)
        return Error{Errc::invalid_request, quoted(code, 8) + " is no ISO 4217 currency"};
    return Currency{static_cast<std::uint8_t>(row - iso_currencies)};
}

std::string_view Currency::code() const { return iso_currencies[row_].code; }
int Currency::decimals() const { return iso_currencies[row_].decimals; }
std::int64_t Currency::step() const { return code() == "HUF" ? 100 : 1; }

Result<Money> Money::of(std::int64_t minor, Currency currency) {
    if (minor < 0 || minor > limit)
        return Error{Errc::invalid_request, "amount " + std::to_string(minor) + " is out of range"};
    return Money{minor, currency};
}

Result<Money> Money::parse(std::string_view major, Currency currency) {
    const auto point = major.find('.');
    const auto whole = major.substr(0, point);
    const auto fraction =
        point == std::string_view::npos ? std::string_view{} : major.substr(point + 1);
    const auto decimals = static_cast<std::size_t>(currency.decimals());

    const bool well_formed = !whole.empty() && std::ranges::all_of(whole, is_digit) &&
                             std::ranges::all_of(fraction, is_digit) &&
                             (point == std::string_view::npos || !fraction.empty()) &&
                             // One spelling for each amount, as JSON has it: "07" is no number.
                             (whole.size() == 1 || whole.front() != '0');
    if (!well_formed) return no_amount(major, "is not a decimal number");
    if (fraction.size() > decimals) return no_amount(major, "has too many decimals");
    // As many digits as the limit has, and few enough that nothing below can overflow.
    if (whole.size() > 13) return no_amount(major, "is out of range");

    std::int64_t minor = 0;
    for (const char c : whole) minor = minor * 10 + (c - '0');
    for (const char c : fraction) minor = minor * 10 + (c - '0');
    return of(minor * powers_of_ten[decimals - fraction.size()], currency);
}

Result<Money> Money::parse_price(std::string_view major, Currency currency) {
    const auto money = parse(major, currency);
    if (money && !money->is_in_steps())
        return no_amount(major, "has a fraction of a " + std::string{currency.code()});
    return money;
}

Result<Money> Money::plus(Money other) const {
    if (other.currency_ != currency_) return Error{Errc::invalid_request, "currencies differ"};
    return of(minor_ + other.minor_, currency_);
}

std::string decimal_of(std::int64_t minor, Currency currency) {
    const auto decimals = static_cast<std::size_t>(currency.decimals());
    auto text = std::to_string(minor / powers_of_ten[decimals]);
    const auto rest = minor % powers_of_ten[decimals];
    if (rest == 0) return text;

    auto fraction = std::to_string(rest);
    fraction.insert(0, decimals - fraction.size(), '0');
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return text + "." + fraction;
}

std::string Money::readable() const { return decimal() + " " + std::string{currency_.code()}; }

}  // namespace payments
