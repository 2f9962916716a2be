#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "payment/transaction.hpp"

// Money that moved, each time on its own moment: what an accountant books (docs/money.md, 1). Pure;
// safe on any thread.
namespace payments {

enum class MovementKind : std::uint8_t {
    taken,       // a capture, also of a payment that is in review
    given_back,  // a refund that was made, or is on its way
    came_back,   // the money of such a refund
    disputed,    // the bank has taken it
    dispute_won  // and has given it back
};
std::string_view name(MovementKind kind);
// What it does to our money: +1 or -1.
int sign_of(MovementKind kind);

struct Movement {
    Time at;  // when it was heard of
    MovementKind kind;
    std::string subject;  // the provider's id of the refund or dispute; "" of a capture
    std::string refund;   // our name of the refund, "" where it has none
    Money amount;

    friend bool operator==(const Movement&, const Movement&) = default;
};

// Facts of any other kind say nothing of money: without them the movements are the same.
bool is_of_money(FactKind kind);

inline constexpr auto all_entries = std::numeric_limits<std::size_t>::max();

// By time. Follows from the set of the first `known` entries alone: in which order they were
// learned changes nothing, and what is learned later takes no movement back, but for a word about a
// dispute that is older than one heard before, and amounts that grow.
// - Of several amounts in which one payment, refund or dispute was heard, the largest; in the
//   currency of the terms where one was in that.
// - A dispute without an amount in that currency is about all that was taken.
std::vector<Movement> movements(const Transaction& transaction, std::size_t known = all_entries);

}  // namespace payments
