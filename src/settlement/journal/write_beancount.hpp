#pragma once

#include "settlement/journal/writers.hpp"

namespace payments::settlement::journal {

// For beancount (docs/settlements.md, 9).
std::string beancount_head();
std::unique_ptr<JournalFile> beancount_file(const Journal& journal);

}  // namespace payments::settlement::journal
