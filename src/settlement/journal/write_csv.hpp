#pragma once

#include <iosfwd>

#include "settlement/journal/journal.hpp"

namespace payments::settlement::journal {

// A line for each booking, between the balances of the first and of the last day
// (docs/settlements.md, 9). `is_hungarian`: for Excel in Hungarian, else for other programs.
void write_csv(const Journal& journal, bool is_hungarian, std::ostream& out);

}  // namespace payments::settlement::journal
