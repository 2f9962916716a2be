#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flow/ports.hpp"

namespace payments {

// The machine's clock; sleeps on the loop that awaits.
struct SystemClock : Clock {
    Time now() const override;
    Task<void> sleep_until(Time when) override;
};

// RFC 3339 in UTC with milliseconds: 2026-03-02T09:21:09.123Z.
std::string rfc3339(Time time);
// RFC 3339 / ISO 8601 with seconds and an offset (Z, +01:00, +0100), fraction optional.
std::optional<Time> parse_time(std::string_view text);
// ISO 8601 with a colon offset and no fraction, in UTC: 2026-03-02T09:21:09+00:00.
std::string iso8601_seconds(Time time);

}  // namespace payments
