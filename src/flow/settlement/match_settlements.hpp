#pragma once

#include <functional>

#include "flow/ports.hpp"
#include "flow/settlement/settlements.hpp"

// What is on record of settlements against our transactions (docs/settlements.md, 7). On the loop
// of the store; all throw as both ports do.
namespace payments {

// `heard` is called with the number of each transaction that has been looked at, if not empty.
Task<settlement::Report> match_settlements(
    Store& store, Settlements& settlements, Time as_of, std::function<void(std::int64_t)> heard = {}
);

// What somebody decides about a finding.
struct FindingDecision {
    std::string key;
    bool is_accepted = true;  // else it is opened again
    std::string reason;
    Actor by;
    Time at;
};

// Puts it on record for the numbers that the finding has now, unless it is so already. Gives the
// finding as it is then. Errc::unknown_finding.
Task<Result<settlement::Finding>> decide_finding(
    Store& store, Settlements& settlements, FindingDecision decision
);

}  // namespace payments
