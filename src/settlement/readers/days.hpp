#pragma once

#include <string_view>

#include "settlement/records.hpp"

// Days as files write them. Pure.
namespace payments::settlement {

// YYYYMMDD; nothing for another text or a day that no calendar has.
std::optional<Day> read_day(std::string_view digits);
// The day at the beginning of a day or time: YYYY-MM-DD, behind which a time or an offset may
// stand. Nothing for another text.
std::optional<Day> read_day_of_time(std::string_view text);
// Digits alone, up to 9 of them.
std::optional<int> read_whole(std::string_view digits);

}  // namespace payments::settlement
