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

// The same as of now, and what came of it is noted for alarms.
Task<settlement::Report> match_and_note(
    Store& store, Settlements& settlements, Time now, std::function<void(std::int64_t)> heard = {}
);

// Of every account, and of banks, in each of their currencies; 0 too.
std::vector<Unexplained> unexplained_in(const settlement::Report& report);

// The movements of whole days as a table or a journal (docs/settlements.md, 9), as the books are
// now. That it was taken is on record before it is read.
struct BooksRequest {
    settlement::journal::Period period;
    settlement::journal::FileFormat format;
    ActionDetails details;  // as it is put on record
    Actor by;
    Time at;
};
// `zone` outlives it.
Task<std::string> export_books(
    Store& store, Settlements& settlements, const TimeZone& zone, BooksRequest request
);

// The close of a month (docs/settlements.md, 11), as the books are at a moment. That it was taken
// is on record before it is read.
struct MonthCloseRequest {
    settlement::journal::Month month;
    Time as_of;
    Actor by;
    Time at;
};
// `zone` outlives it. `heard` as above.
Task<ClosedMonth> close_month(
    Store& store, Settlements& settlements, const TimeZone& zone, MonthCloseRequest request,
    std::function<void(std::int64_t)> heard = {}
);

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
