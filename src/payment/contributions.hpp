#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "payment/movements.hpp"

// What a transaction counts for in sums of money (docs/money.md, 2). Pure; safe on any thread.
namespace payments {

enum class Measure : std::uint8_t {
    started,
    paid,
    refunded,
    refund_returned,
    disputed,
    dispute_won,
    failed,     // ended without money
    fee_begun,  // a fee of a ticket, when its first attempt was begun
    fee_paid,   // such a fee, by whichever attempt
    first_try,  // such a fee, by its first attempt
};
inline constexpr std::size_t measure_count = static_cast<std::size_t>(Measure::first_try) + 1;
std::string_view name(Measure measure);
// Errc::internal for any other word.
Result<Measure> measure_of(std::string_view name);

struct Contribution {
    Time at;  // a whole minute
    Measure measure;
    std::string reason;  // why it failed; "" of all other measures
    Money amount;        // what one counts for

    friend bool operator==(const Contribution&, const Contribution&) = default;
};

// The minute that a moment lies in.
constexpr Time minute_of(Time moment) { return std::chrono::floor<std::chrono::minutes>(moment); }

// What one attempt counts for by itself, as the first `known` of its entries say: all measures but
// those of fees. As movements(): of the set of entries, in any order.
std::vector<Contribution> contributions(
    const Transaction& transaction, std::size_t known = all_entries
);

// What a ticket's fee counts for: all of it stands with its first attempt (the one with the
// smallest number), in whose minute, currency and amount, so that of the fees begun in a time the
// paid ones are never more. Once paid it stays so, whatever is given back.
std::vector<Contribution> contributions_of_fee(
    const Transaction& first, bool is_first_paid, bool is_any_paid
);

// Whether money was ever taken, by the first `known` entries.
bool was_paid(const Transaction& transaction, std::size_t known = all_entries);

}  // namespace payments
