#pragma once

#include <iosfwd>

#include "settlement/journal/journal.hpp"

namespace payments::settlement::journal {

// For beancount (docs/settlements.md, 9).
void write_beancount(const Journal& journal, std::ostream& out);

}  // namespace payments::settlement::journal
