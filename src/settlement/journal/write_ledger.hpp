#pragma once

#include <iosfwd>

#include "settlement/journal/journal.hpp"

namespace payments::settlement::journal {

// For hledger, else for Ledger, which differ in how they are told of currencies and tags
// (docs/settlements.md, 9).
void write_ledger(const Journal& journal, bool is_hledger, std::ostream& out);

}  // namespace payments::settlement::journal
