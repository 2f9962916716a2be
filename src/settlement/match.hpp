#pragma once

#include <memory>
#include <span>

#include "settlement/books.hpp"
#include "settlement/evidence.hpp"
#include "settlement/match_lines.hpp"
#include "settlement/report.hpp"

// What the files say against our books, as of a moment (docs/settlements.md, 5 and 6). It follows
// from files, transactions, decisions and moment alone: the order of transactions, and that of
// files which do not contradict each other, changes nothing. For one thread; throws
// std::overflow_error when sums leave int64.
namespace payments::settlement {

// Hears our transactions one after the other, so that they need not all be in memory.
class Matching {
public:
    // `listener` hears what became of each fact of ours.
    Matching(
        const Evidence& evidence, const Delays& delays, Time as_of, FactListener listener = {}
    );

    void hear(const OurTransaction& transaction) { matcher_.hear(transaction); }
    // All lines of the evidence.
    std::span<const SettlementLine> lines() const { return lines_; }
    // When all were heard, once.
    Report finish(std::span<const Decision> decisions) &&;

private:
    const Evidence& evidence_;
    const Delays delays_;
    const Time as_of_;
    const std::vector<SettlementLine> lines_;
    Report report_;
    LineMatcher matcher_;
};

Report match(const Books& books, const Evidence& evidence, const Delays& delays, Time as_of);

}  // namespace payments::settlement
