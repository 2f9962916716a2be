#pragma once

#include "settlement/books.hpp"
#include "settlement/evidence.hpp"
#include "settlement/match_lines.hpp"
#include "settlement/report.hpp"

namespace payments::settlement {

// What the files say against our books, as of a moment (docs/settlements.md, 5 and 6). Follows from
// its arguments alone: the order of transactions, and that of files which do not contradict each
// other, changes nothing. Throws std::overflow_error when sums leave int64.
Report match(const Books& books, const Evidence& evidence, const Delays& delays, Time as_of);

}  // namespace payments::settlement
