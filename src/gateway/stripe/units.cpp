#include "gateway/stripe/units.hpp"

#include <algorithm>
#include <iterator>

#include "support/text.hpp"

namespace payments::stripe {
namespace {

// MGA has two decimals in ISO 4217, of which Stripe takes none. UGX is on Stripe's list of these as
// well; its own rule, hundredths, counts (docs/providers/stripe.md, 5.1).
constexpr std::string_view whole_units[] = {
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
    "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
};
constexpr std::string_view thousandths[] = {"BHD", "JOD", "KWD", "OMR", "TND"};

// The minimum amount of a charge, in Stripe's units (HUF in hundredths: 175 Ft), at an account that
// is paid out in that currency.
constexpr struct Least {
    std::string_view currency;
    std::int64_t units;
} least_charges[] = {
    {"AED", 200}, {"AUD", 50},  {"BRL", 50},    {"CAD", 50},  {"CHF", 50},     {"CZK", 1'500},
    {"DKK", 250}, {"EUR", 50},  {"GBP", 30},    {"HKD", 400}, {"HUF", 17'500}, {"INR", 50},
    {"JPY", 50},  {"KRW", 50},  {"MXN", 1'000}, {"MYR", 200}, {"NOK", 300},    {"NZD", 50},
    {"PLN", 200}, {"RON", 200}, {"SEK", 300},   {"SGD", 50},  {"THB", 1'000},  {"USD", 50},
};
constexpr std::int64_t most_units = 999'999'999'999;  // twelve digits

int decimals_of(Currency currency) {
    if (std::ranges::count(whole_units, currency.code())) return 0;
    return std::ranges::count(thousandths, currency.code()) ? 3 : 2;
}

std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

// Money and units are whole numbers of powers of ten of the same major unit.
std::optional<std::int64_t> rescale(std::int64_t value, int from_decimals, int to_decimals) {
    // One of them is 1, for an exponent below 0.
    const auto up = power_of_ten(to_decimals - from_decimals);
    const auto down = power_of_ten(from_decimals - to_decimals);
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(value, up, &scaled) || scaled % down != 0) return std::nullopt;
    return scaled / down;
}

}  // namespace

Result<std::int64_t> to_units(Money money) {
    const auto decimals = decimals_of(money.currency());
    const auto units = rescale(money.minor(), money.currency().decimals(), decimals);
    // Thousandths are taken by tens only.
    if (!units || (decimals == 3 && *units % 10 != 0))
        return Error{Errc::invalid_request, "Stripe cannot charge " + money.readable()};
    return *units;
}

std::string objection_to(Money money) {
    const auto units = to_units(money);
    if (!units) return units.error().detail;
    const auto what = "Stripe cannot charge " + money.readable();
    if (*units > most_units) return what + ": it is too much";
    const auto* least = std::ranges::find(least_charges, money.currency().code(), &Least::currency);
    const bool is_enough = least == std::end(least_charges) || *units >= least->units;
    if (is_enough) return {};
    const auto needed = from_units(least->units, least->currency);
    return what + ": it takes at least " + (needed ? needed->readable() : "more");
}

std::optional<Money> from_units(std::int64_t units, std::string_view code) {
    const auto currency = Currency::of(text::upper(code));
    if (!currency) return std::nullopt;
    const auto minor = rescale(units, decimals_of(*currency), currency->decimals());
    if (!minor) return std::nullopt;
    const auto money = Money::of(*minor, *currency);
    return money ? std::optional{*money} : std::nullopt;
}

}  // namespace payments::stripe
