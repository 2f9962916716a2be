#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "payment/money.hpp"

// Adding up what strangers have written. Pure functions.
namespace payments::settlement {

// Throws std::overflow_error when the sum leaves int64.
inline std::int64_t plus(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) throw std::overflow_error{"the sums are too large"};
    return sum;
}
inline void add(std::int64_t& sum, std::int64_t minor) { sum = plus(sum, minor); }

// Of one line or payout, which amount_limit_minor keeps far from the ends of int64.
inline std::int64_t absolute(std::int64_t minor) { return minor < 0 ? -minor : minor; }

// "-104000 HUF": as decimal_of, with a sign where it is less than 0.
inline std::string signed_decimal(std::int64_t minor, Currency currency) {
    return (minor < 0 ? "-" : "") + decimal_of(absolute(minor), currency);
}
inline std::string readable(std::int64_t minor, Currency currency) {
    return signed_decimal(minor, currency) + " " + std::string{currency.code()};
}

}  // namespace payments::settlement
