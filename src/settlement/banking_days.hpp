#pragma once

#include "settlement/records.hpp"

// Days on which banks in Hungary book (docs/settlements.md, 5: R8). Pure functions.
namespace payments::settlement {

// Monday to Friday, and no public holiday. Saturdays that are worked on are not known here: what is
// booked then is a day early, which the window of a payout has room for.
bool is_banking_day(Day day);
// `count` banking days later, or earlier where it is less than 0.
Day banking_days_from(Day day, int count);

}  // namespace payments::settlement
