#pragma once

#include <memory>
#include <span>

#include "settlement/evidence.hpp"
#include "settlement/report.hpp"

// Payouts against their lines (docs/settlements.md, 5: R6). Writes payouts, balances and findings
// into the report, whatever the order of lines. Throws std::overflow_error when sums leave int64.
namespace payments::settlement {

class PayoutsMatcher {
public:
    // `report` outlives it.
    explicit PayoutsMatcher(Report& report);
    PayoutsMatcher(const PayoutsMatcher&) = delete;
    PayoutsMatcher& operator=(const PayoutsMatcher&) = delete;
    ~PayoutsMatcher();

    // Each line once; of it only sums are kept.
    void add(const SettlementLine& line);
    // When all lines were added, once. `payouts` in an order that does not depend on how they came.
    void finish(std::span<const HeardPayout> payouts);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace payments::settlement
