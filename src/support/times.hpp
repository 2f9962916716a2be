#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "payment/transaction.hpp"

// Times as text. Free of coroutines, so that what reads foreign bytes can be fuzzed alone.
namespace payments {

// RFC 3339 in UTC with milliseconds: 2026-03-02T09:21:09.123Z.
// Years of four digits; one before 0 is written as 0000.
std::string rfc3339(Time time);
// RFC 3339 without a fraction, as clocks show it that are `offset` ahead of UTC, in whole minutes:
// 2026-03-02T10:21:09+01:00.
std::string rfc3339(Time time, std::chrono::seconds offset);
// RFC 3339 / ISO 8601 with seconds and an offset (Z, +01:00, +0100), fraction optional.
// Nothing for anything else, also for a leap second (:60), which the system's clock does not have.
std::optional<Time> parse_time(std::string_view text);
// The date of an HTTP header in the one form that senders may write (RFC 9110 section 5.6.7):
// Sun, 06 Nov 1994 08:49:37 GMT. The name of the day is not held against the date.
std::optional<Time> parse_http_date(std::string_view text);
// ISO 8601 with a colon offset and no fraction, in UTC: 2026-03-02T09:21:09+00:00.
std::string iso8601_seconds(Time time);

}  // namespace payments
