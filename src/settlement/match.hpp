#pragma once

#include <span>

#include "settlement/books.hpp"
#include "settlement/evidence.hpp"
#include "settlement/match_lines.hpp"
#include "settlement/match_payouts.hpp"
#include "settlement/report.hpp"

// What the files say against our books, as of a moment (docs/settlements.md, 5 and 6). It follows
// from files, transactions, decisions and moment alone: the order of transactions, and that of
// files which do not contradict each other, changes nothing. For one thread; throws
// std::overflow_error when sums leave int64, and as Spill.
namespace payments::settlement {

// Hears our transactions one after the other, so that they need not all be in memory.
class Matching {
public:
    // Reads all lines of `evidence`, which outlives it. `listener` hears what became of each fact
    // of ours. `shape` says what is kept in memory, and changes nothing else.
    Matching(
        Evidence& evidence, const Delays& delays, Time as_of, FactListener listener = {},
        SpillShape shape = {}
    );

    void hear(const OurTransaction& transaction) { lines_.hear(transaction); }
    // When all were heard, once.
    Report finish(std::span<const Decision> decisions);

    // All lines of the evidence, by number, at any time.
    const LineMatcher& lines() const { return lines_; }

private:
    const Evidence& evidence_;
    const Delays delays_;
    const Time as_of_;
    Report report_;
    LineMatcher lines_;
    PayoutsMatcher payouts_;
};

// The same of books that are in memory.
Report match(
    const Books& books, Evidence& evidence, const Delays& delays, Time as_of, SpillShape shape = {}
);

}  // namespace payments::settlement
