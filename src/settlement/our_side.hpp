#pragma once

#include <optional>
#include <string>

#include "payment/transaction.hpp"
#include "settlement/books.hpp"

// Our side of settlements, made of our own facts (docs/settlements.md, 3). Pure functions.
namespace payments::settlement {

// What of a transaction moved money. Needs its entries. What was captured before `begins` was
// settled before any file at hand, so no line of the capture is awaited. What was learned after
// `as_of` does not count.
OurTransaction our_side_of(
    const Transaction& transaction, std::optional<Time> begins = {}, Time as_of = Time::max()
);
// The same of what was told without the facts that it is made of.
OurTransaction known_at(OurTransaction transaction, Time as_of);

// One item of the document's `transactions`, as read_books() reads it.
std::string written(const OurTransaction& transaction);
// What stands before the first item and behind the last; items are separated by ",\n".
std::string books_head(Time as_of);
std::string books_tail(
    const std::vector<Decision>& decisions, const std::vector<ClosingInBooks>& closings = {}
);

}  // namespace payments::settlement
