#pragma once

#include <cstdint>
#include <vector>

#include "payment/sums.hpp"
#include "support/time_zone.hpp"

// Time cut into what people add up by (docs/money.md, 4). Pure; any thread.
namespace payments {

enum class BucketSize : std::uint8_t { minute, hour, day, month };

// The minutes of a time, or the hours, days or months as clocks in `zone` show them: an hour that
// comes twice is two of them, one that is left out none. The first begins at `from` and the last
// ends at `to`. `from` and `to` are whole minutes, and but for minutes whole quarters of an hour.
std::vector<Bucket> cut_minutes(Time from, Time to);
std::vector<Bucket> cut(Time from, Time to, BucketSize size, const TimeZone& zone);

// The months and days of a zone, which outlives it.
DaysBetween days_of(const TimeZone& zone);

}  // namespace payments
