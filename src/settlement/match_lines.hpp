#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

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

// Something of ours that moved money, and so needs a line of this kind; and what became of it.
struct MoneyFact {
    LineKind kind;
    std::string_view provider_id;  // of the payment, the refund or the dispute
    std::string_view subject;      // our name for it, of a dispute the provider's
    std::int64_t minor;            // signed as its line should be, in the payment's currency
    Time at;
    // A line was found for it, or those that may be it are known. Else it is waited for.
    bool is_settled = false;
    // That line, where both are in one account and can be compared in the payment's currency, as
    // visitors saw it; nothing when the two were set apart, each as a difference of its own.
    const SettlementLine* line = nullptr;
    std::int64_t seen_minor = 0;
};

// Hears what became of each fact of ours, once, in no order. What it is given is gone afterwards,
// but for the line.
using FactListener = std::function<void(const OurTransaction& transaction, const MoneyFact& fact)>;

// Hears our transactions one after the other, in any order, and keeps only those that a line may be
// about: memory grows with the lines, not with the transactions. Everything that belongs to one
// transaction is decided together, so that parts of the work can be done apart from each other.
// For one thread. Throws std::overflow_error when sums leave int64, and std::bad_alloc.
class LineMatcher {
public:
    // `lines`, in an order that does not depend on how they came, and `report` outlive it.
    LineMatcher(
        std::span<const SettlementLine> lines, const Delays& delays, Time as_of, Report& report,
        FactListener listener = {}
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
