#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "payment/error.hpp"

namespace payments {

// An ISO 4217 currency. `decimals` is ISO's number of minor digits (HUF has two); where cash knows
// only whole units (HUF), `step` is 100: what we ask for has 00 as its last two digits.
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

// "220", "220.5", "12.34" of whole minor units, at least 0: the shortest decimal in major units, as
// our JSON shows it.
std::string decimal_of(std::int64_t minor, Currency currency);

// Whole ISO minor units, never negative, never above `limit`, so adding two cannot overflow. What a
// provider reports is kept as it is, fractions of a forint too (docs/design.md, 2.2).
class Money {
public:
    static constexpr std::int64_t limit = 1'000'000'000'000;

    // Errc::invalid_request when out of range.
    static Result<Money> of(std::int64_t minor, Currency currency);
    // Reads "220", "220.5", "104000": major units, no sign, no exponent, no thousands mark, at
    // most the currency's decimals (trailing zeros beyond them are too many as well).
    // Errc::invalid_request.
    static Result<Money> parse(std::string_view major, Currency currency);
    // The same of what somebody is to pay: Errc::invalid_request also when it is not a multiple of
    // the currency's step.
    static Result<Money> parse_price(std::string_view major, Currency currency);

    // Errc::invalid_request when the currencies differ or the sum is above `limit`.
    Result<Money> plus(Money other) const;

    std::int64_t minor() const { return minor_; }
    Currency currency() const { return currency_; }
    bool is_zero() const { return minor_ == 0; }
    // A multiple of the currency's step, as all that we ask for is.
    bool is_in_steps() const { return minor_ % currency_.step() == 0; }
    std::string decimal() const { return decimal_of(minor_, currency_); }
    std::string readable() const;  // "220.5 EUR"
    friend bool operator==(Money, Money) = default;

private:
    Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
    std::int64_t minor_;
    Currency currency_;
};

}  // namespace payments
