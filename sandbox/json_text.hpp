#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// JSON written to the letter, where the form of a number or the order of members is part of what a
// provider really sends.
namespace payments::sandbox {

// `text` as a JSON string with its quotes: plain slashes, raw UTF-8.
std::string quoted(std::string_view text);

// An object whose members keep their order and whose values are finished JSON text.
class Members {
public:
    Members& text(std::string_view name, std::string_view value);
    Members& number(std::string_view name, std::int64_t value);
    Members& raw(std::string_view name, std::string value);
    Members& append(const Members& others);
    bool empty() const { return members_.empty(); }

    // The named members first, in this order; the others keep theirs.
    Members ordered(const std::vector<std::string_view>& first) const;
    std::string compact() const;

private:
    std::vector<std::pair<std::string, std::string>> members_;
};

std::string array_of(const std::vector<std::string>& values);
// Two spaces a level, as Stripe prints.
std::string pretty(const boost::json::value& value);

// SimplePay's amounts (docs/providers/simplepay.md, 3.3): `minor` hundredths as the shortest
// decimal with at least one digit after the point, "12990.0" or "12.5".
std::string decimal_with_point(std::int64_t minor);
// "12.5" to 1250; nothing for signs, exponents, more than two decimals, or over 12 digits.
bool read_hundredths(std::string_view text, std::int64_t& minor);

}  // namespace payments::sandbox
