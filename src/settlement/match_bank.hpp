#pragma once

#include <span>

#include "settlement/evidence.hpp"
#include "settlement/match_lines.hpp"
#include "settlement/report.hpp"

// Payouts against the bank (docs/settlements.md, 5: R7 to R9, and R10 of payouts).
namespace payments::settlement {

// Finds the payouts that are in the report on the bank, and writes their states, the counts of each
// bank account and findings into it. `entries` in an order that does not depend on how they came.
void match_bank(
    std::span<const BankEntry> entries, const Delays& delays, Time as_of, Report& report
);

// Opening + booked = closing, one statement goes on where the one before it ended, and none is
// missing between two. `statements` by account and day.
void check_statements(std::span<const HeardStatement> statements, Report& report);

}  // namespace payments::settlement
