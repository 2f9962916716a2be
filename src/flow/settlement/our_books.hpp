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

struct OurSideRequest {
    // What was captured before is awaited in no settlement.
    std::optional<Time> begins{};
    // For each part until when facts count in it.
    std::vector<Time> moments{};
    // Called now and then with how many numbers of transactions have been passed.
    std::function<void(std::int64_t)> passed{};
    // By number ascending; else in any order, which takes less time.
    bool in_order = false;
    // The status is that of its moment; else it says nothing. Then all facts of each are read, of
    // which nothing else needs but a few.
    bool needs_status = false;
};
// Calls `hear` with what of each transaction moved money, also of those of which nothing did: for
// each part with what was known at its moment. Returns how many transactions there were. On the
// loop of the store, which does others' work in between; throws as it does, and what `hear` throws.
Task<std::int64_t> hear_our_side(Store& store, OurSideRequest asked, OurSideListener hear);

}  // namespace payments
