#pragma once

#include <memory>
#include <span>

#include "settlement/books.hpp"
#include "settlement/report.hpp"

// Lines against facts (docs/settlements.md, 5: R1 to R5, and R10 of facts).
namespace payments::settlement {

// After how many days something that has not come is missing.
struct Delays {
    int simplepay_days = 10;
    int stripe_days = 7;
    int bank_days = 10;

    int of(Processor processor) const {
        return processor == Processor::simplepay ? simplepay_days : stripe_days;
    }
};

// Hears our transactions one after the other, in any order, and keeps only those that a line may be
// about: memory grows with the lines, not with the transactions. Everything that belongs to one
// transaction is decided together, so that parts of the work can be done apart from each other.
// For one thread. Throws std::overflow_error when sums leave int64, and std::bad_alloc.
class LineMatcher {
public:
    // `lines`, in an order that does not depend on how they came, and `report` outlive it.
    LineMatcher(
        std::span<const SettlementLine> lines, const Delays& delays, Time as_of, Report& report
    );
    LineMatcher(const LineMatcher&) = delete;
    LineMatcher& operator=(const LineMatcher&) = delete;
    ~LineMatcher();

    void hear(const OurTransaction& transaction);
    // When all were heard, once: writes sums and findings into the report.
    void finish();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace payments::settlement
