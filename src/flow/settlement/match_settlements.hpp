#pragma once

#include <functional>

#include "flow/ports.hpp"
#include "flow/settlement/settlements.hpp"

// What is on record of settlements against our transactions (docs/settlements.md, 7). On the loop
// of the store; all throw as both ports do.
namespace payments {

// `heard` is called now and then with how many numbers of transactions have been passed, if not
// empty.
Task<settlement::Report> match_settlements(
    Store& store, Settlements& settlements, Moment moment,
    std::function<void(std::int64_t)> heard = {}
);

// The same as of now, and what came of it is noted for alarms.
Task<settlement::Report> match_and_note(
    Store& store, Settlements& settlements, Time now, std::function<void(std::int64_t)> heard = {}
);

// Of every account, and of banks, in each of their currencies; 0 too.
std::vector<Unexplained> unexplained_in(const settlement::Report& report);

// What somebody decides about a finding.
struct FindingDecision {
    std::string key;
    bool is_accepted = true;  // else it is opened again
    std::string reason;       // as check_reason() takes it
    Actor by;
    Time at;
};

// Puts it on record for the numbers that the finding has now, unless it is so already. Gives the
// finding as it is then. Errc::unknown_finding; Errc::invalid_request for a reason
// that cannot go on record.
Task<Result<settlement::Finding>> decide_finding(
    Store& store, Settlements& settlements, FindingDecision decision
);

}  // namespace payments
