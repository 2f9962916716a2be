#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "settlement/books.hpp"
#include "settlement/claims.hpp"
#include "settlement/match_lines.hpp"
#include "settlement/report.hpp"

// One transaction and the lines about it (docs/settlements.md, 5).
namespace payments::settlement {

struct ClaimedLine {
    const SettlementLine* line = nullptr;
    Strength strength = Strength::none;
    std::uint32_t number = 0;  // as LineMatcher calls it
};

// What decisions about lines and facts write into. Pure but for the report.
class Bookkeeper {
public:
    Bookkeeper(const Delays& delays, Time as_of, Report& report, FactListener listener)
        : delays_(delays), as_of_(as_of), report_(report), listener_(std::move(listener)) {}

    // Decides about all that belongs to one transaction. `lines` in an order that does not depend
    // on how they came.
    void match(const OurTransaction& transaction, std::span<const ClaimedLine> lines);
    // A line that no fact explains: a finding over what it moves.
    void note_unknown(
        const SettlementLine& line, FindingKind kind, std::string subject, std::string detail
    );

private:
    friend class TransactionMatcher;

    const Delays delays_;
    const Time as_of_;
    Report& report_;
    const FactListener listener_;
};

// What a line is called where no transaction of ours has a name for it.
std::string subject_of(const SettlementLine& line);
// As the visitor saw it.
Amount seen_of(const SettlementLine& line);

}  // namespace payments::settlement
