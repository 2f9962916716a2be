#pragma once

#include <functional>

#include "flow/ports.hpp"
#include "settlement/books.hpp"

// Our side of settlements, read from the store (docs/settlements.md, 3).
namespace payments {

// Calls `hear` with what of each transaction moved money, also of those of which nothing did, by
// number ascending, page by page. What was captured before `begins` is awaited in no settlement.
// Returns how many. On the loop of the store; throws as it does, and what `hear` throws.
Task<std::int64_t> hear_our_side(
    Store& store, std::optional<Time> begins,
    std::function<void(const settlement::OurTransaction&)> hear
);

}  // namespace payments
