#pragma once

#include "storage/rules/books.hpp"

// What changes add to the sums of money, in their own commit, as both stores decide it
// (docs/money.md, 3). The sums of a fee stand with its first attempt. They throw what Books throws.
namespace payments::ledger {

// A new attempt; `begins_fee` when it is the first of its ticket and fee.
void count_new(Books& books, const Transaction& opened, bool begins_fee);
// What facts have made of an attempt. Before the change is written to its row.
void count_change(Books& books, const Change& change);

// The ticket is in that scope now: so are all its attempts, with what they count for.
struct Move {
    std::int64_t ticket_id;
    std::int64_t scope_id;
};
// Returns how many were elsewhere.
std::int64_t apply_move(Books& books, const Move& move);

// Attempts from before sums were kept, or begun by a version that keeps none: those of them that
// are not counted yet are. Returns how many.
std::int64_t count_transactions(Books& books, const std::vector<std::int64_t>& ids);

}  // namespace payments::ledger
