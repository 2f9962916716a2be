#pragma once

#include <functional>
#include <vector>

#include "flow/ports.hpp"
#include "settlement/books.hpp"

// Our side of settlements, read from the store (docs/settlements.md, 3).
namespace payments {

// Hears our side of a transaction, in one of several parts.
using OurSideListener =
    std::function<void(std::size_t part, const settlement::OurTransaction& transaction)>;

// Calls `hear` with what of each transaction moved money, also of those of which nothing did, by
// number ascending, page by page: for each part with what was known at its moment. What was
// captured before `begins` is awaited in no settlement. Returns how many. On the loop of the store;
// throws as it does, and what `hear` throws.
Task<std::int64_t> hear_our_side(
    Store& store, std::optional<Time> begins, std::vector<Time> moments, OurSideListener hear
);

}  // namespace payments
