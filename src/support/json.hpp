#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/error.hpp"
#include "payment/money.hpp"

// Strict JSON in, plain JSON out (RFC 8259; docs/design.md, 2.2 and 2.7). Pure functions.
// boost::json::value is the tree; its own parser and serializer
// are not used, because they keep the last of two equal members, round decimals and print 220.5
// as 2.205E2.
namespace payments::json {

using boost::json::array;
using boost::json::object;
using boost::json::value;

// Depth at most 32, valid UTF-8, no U+0000 or lone surrogate in strings, no duplicate members, no
// byte order mark. A number without a fraction ("1.0", "1e2") that fits becomes an int64; any other
// becomes the nearest double. Errc::malformed_json for text that is not JSON, invalid_request (with
// a pointer) for duplicates and forbidden characters.
Result<value> parse(std::string_view text);

constexpr std::size_t wrong_max = 16;  // more mistakes than that help nobody

// What could be read of a text that breaks those rules.
struct Readable {
    value tree;
    std::vector<Wrong> wrong;  // where it breaks them, at most wrong_max; empty: it keeps them all
};
// For what others have signed, so that one member which nobody reads never costs the others. What
// strict JSON forbids is read as far as it can mean anything: U+FFFD stands for U+0000 and a lone
// surrogate; a member that comes twice with two values is null, which is as if it were missing, and
// so is what is too deep or too large a number. Errc::malformed_json for text that is not JSON,
// invalid_request for one nested deeper than 256 levels or an exponent beyond all numbers.
Result<Readable> parse_leniently(std::string_view text);

// Compact; doubles in the shortest decimal form without exponent where that is under 25 characters.
// Throws std::invalid_argument for a double that is infinite or no number.
std::string write(const value& v);
// Members sorted by name at every level, no white space: two texts that mean the same are equal.
// What an Idempotency-Key is remembered with (docs/design.md, 2.5). Throws as write().
std::string canonical(const value& v);

// An amount in major units, exactly: 220, 220.5.
value amount(Money money);
// The same of a sum, which may be more than one payment may be; at least 0.
value amount(std::int64_t minor, Currency currency);
// Decimal text of a JSON number ("220.5"), or of a string when it holds one; nothing for others.
std::optional<std::string> decimal_text(const value& v);

// nullptr when the member is missing or null.
const value* find(const object& o, std::string_view name);
// `otherwise` also for a member that is no string.
std::string string_or(const object& o, std::string_view name, std::string otherwise);

}  // namespace payments::json
