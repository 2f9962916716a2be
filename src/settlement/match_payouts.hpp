#pragma once

#include <span>

#include "settlement/evidence.hpp"
#include "settlement/report.hpp"

// Payouts against their lines (docs/settlements.md, 5: R6). `lines` and `payouts` in an order that
// does not depend on how they came. Writes payouts, balances and findings into the report. Throws
// std::overflow_error when sums leave int64.
namespace payments::settlement {

void match_payouts(
    std::span<const SettlementLine> lines, std::span<const HeardPayout> payouts, Report& report
);

}  // namespace payments::settlement
