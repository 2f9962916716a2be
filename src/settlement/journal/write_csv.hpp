#pragma once

#include "settlement/journal/writers.hpp"

namespace payments::settlement::journal {

// A line for each booking, between the balances of the first and of the last day
// (docs/settlements.md, 9). `is_hungarian`: for Excel in Hungarian, else for other programs.
std::string csv_head(bool is_hungarian);  // the names of the columns
std::unique_ptr<JournalFile> csv_file(const Journal& journal, bool is_hungarian);

}  // namespace payments::settlement::journal
