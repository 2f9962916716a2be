#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "payment/error.hpp"

namespace payments {

// An ISO 4217 currency. `decimals` is ISO's number of minor digits (HUF has two); where cash and
// the providers know only whole units (HUF), `step` is 100: the last two digits are always 00.
class Currency {
public:
    // The currency of three upper-case letters; Errc::invalid_request when ISO 4217 has none.
    static Result<Currency> of(std::string_view code);

    std::string_view code() const;
    int decimals() const;
    std::int64_t step() const;
    friend bool operator==(Currency, Currency) = default;

private:
    explicit constexpr Currency(std::uint8_t row) : row_(row) {}
    std::uint8_t row_;
};

// Whole ISO minor units, never negative, never above `limit`, so adding two cannot overflow.
class Money {
public:
    static constexpr std::int64_t limit = 1'000'000'000'000;

    // Errc::invalid_request when out of range or not a multiple of the currency's step.
    static Result<Money> of(std::int64_t minor, Currency currency);
    // Reads "220", "220.5", "104000": major units, no sign, no exponent, no thousands mark, at
    // most the currency's decimals (trailing zeros beyond them are too many as well, except that
    // for HUF ".0" and ".00" are taken as whole forints).
    static Result<Money> parse(std::string_view major, Currency currency);

    // Errc::invalid_request when the currencies differ or the sum is above `limit`.
    Result<Money> plus(Money other) const;

    std::int64_t minor() const { return minor_; }
    Currency currency() const { return currency_; }
    bool is_zero() const { return minor_ == 0; }
    // "220", "220.5", "12.34": the shortest decimal in major units, as our JSON shows it.
    std::string decimal() const;
    std::string readable() const;  // "220.5 EUR"
    friend bool operator==(Money, Money) = default;

private:
    Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
    std::int64_t minor_;
    Currency currency_;
};

}  // namespace payments
