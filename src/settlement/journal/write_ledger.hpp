#pragma once

#include "settlement/journal/writers.hpp"

namespace payments::settlement::journal {

// For hledger, else for Ledger, which differ in how they are told of currencies and tags
// (docs/settlements.md, 9).
std::string ledger_head(bool is_hledger);
std::unique_ptr<JournalFile> ledger_file(const Journal& journal, bool is_hledger);

}  // namespace payments::settlement::journal
