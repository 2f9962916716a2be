#include "settlement/fees.hpp"

#include "settlement/sums.hpp"

namespace payments::settlement {

void count_fees(const SettlementLine& line, std::map<std::string, std::int64_t>& fees) {
    if (line.kind == LineKind::fee || line.kind == LineKind::tax) {
        const auto kind = line.kind == LineKind::tax               ? "tax"
                          : line.kind_as_written == "network_cost" ? "network"
                                                                   : "other";
        // The provider's own bill: its amount is the cost.
        add(fees[kind], -line.gross_minor);
    }
    std::int64_t parts = 0;
    for (const auto& part : line.fee_parts) {
        add(fees[part.kind], part.minor);
        add(parts, part.minor);
    }
    const auto rest = plus(line.fee_minor, -parts);
    if (rest == 0) return;
    const bool is_disputed =
        line.kind == LineKind::dispute || line.kind == LineKind::dispute_reversal;
    const auto* kind = is_disputed                              ? "dispute"
                       : line.processor == Processor::simplepay ? "commission"
                                                                : "processing";
    add(fees[kind], rest);
}

}  // namespace payments::settlement
