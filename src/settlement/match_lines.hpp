#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "settlement/books.hpp"
#include "settlement/report.hpp"
#include "support/spill.hpp"

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
    std::uint32_t line_number = 0;  // as LineMatcher::each_line() calls it
    std::int64_t seen_minor = 0;
};

// Hears what became of each fact of ours, once, in no order. What it is given is gone afterwards.
using FactListener = std::function<void(const OurTransaction& transaction, const MoneyFact& fact)>;

// Takes all lines, then hears our transactions one after the other, each in any order. What has to
// wait for the other side is put aside and read again in parts (Spill): memory does not grow with
// the lines, but for some bits for each, and with the transactions not at all. Everything that
// belongs to one transaction is decided together. For one thread. Throws std::overflow_error when
// sums leave int64, std::bad_alloc, and as Spill.
class LineMatcher {
public:
    // `report` outlives it.
    LineMatcher(
        const Delays& delays, Time as_of, Report& report, FactListener listener = {},
        SpillShape shape = {}
    );
    LineMatcher(const LineMatcher&) = delete;
    LineMatcher& operator=(const LineMatcher&) = delete;
    ~LineMatcher();

    // Each line once. At most 2^32 of them.
    void add(const SettlementLine& line);
    // When all lines were added.
    void hear(const OurTransaction& transaction);
    // When all were heard, once: writes sums and findings into the report.
    void finish();

    // Lines are numbered from 0, in no order that means anything.
    std::uint32_t count() const;
    void each_line(const std::function<void(std::uint32_t, const SettlementLine&)>& take) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace payments::settlement
