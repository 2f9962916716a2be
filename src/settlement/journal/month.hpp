#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "payment/fact.hpp"
#include "settlement/journal/journal.hpp"

// Months, and those that somebody has closed (docs/settlements.md, 11). Values and pure functions.
namespace payments::settlement::journal {

using Month = std::chrono::year_month;

// "2026-11", of the years 1000 to 9998, so that the day of its close has four digits too. Nothing
// for another text.
std::optional<Month> read_month(std::string_view text);
std::string month_text(Month month);
Period period_of(Month month);

// That somebody has closed a month, and with it those before.
struct MonthClosing {
    Month month;
    Time at;                 // of what was known then its books are made, for good
    std::int64_t files = 0;  // so many were on record
    std::string by, reason;  // "" where no reason was needed
};

// What books are made of: what was on record at a moment.
struct Knowledge {
    Time as_of;                           // facts that were learned until then
    std::optional<std::int64_t> files{};  // so many, in the order in which they came; all without
    std::optional<Day> end{};             // it counts for days before this one; all without
};

// What the books of a period are made of: the books of a month that is closed of what was known
// when it was, and those of what follows of what is known at `now`. The first may tell of days
// before the period alone, and each of the days behind those of the one before. `closings` in the
// order of months.
std::vector<Knowledge> knowledge_for(
    const Period& period, std::span<const MonthClosing> closings, const Knowledge& now
);

}  // namespace payments::settlement::journal
