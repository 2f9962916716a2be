#pragma once

#include <functional>
#include <string>

#include "flow/ports.hpp"
#include "flow/settlement/settlements.hpp"

// The close of a month (docs/settlements.md, 11). On the loop of the store; all throw as both ports
// do. `zone` outlives them. `heard` is called now and then with how many numbers of transactions
// have been passed, if not empty.
namespace payments {

struct MonthCloseRequest {
    settlement::journal::Month month;
    Moment moment;
    Actor by;
    Time at;
};
// That it was taken is on record before it is read.
Task<ClosedMonth> month_close(
    Store& store, Settlements& settlements, const TimeZone& zone, MonthCloseRequest request,
    std::function<void(std::int64_t)> heard = {}
);

// Closes a month for good, and with it those before: from now on its books are made of what is
// known now. Gives the close as it is then; closing again what is closed changes nothing.
// Errc::month_not_closable when it has not ended, when something may still be settled in it or
// findings are open and `reason` is "", when its books are not those that were looked at, and when
// a file has come meanwhile; Errc::invalid_request for a reason that cannot go on record.
struct MonthToClose {
    settlement::journal::Month month;
    std::string reason;        // "" for none
    std::string books_sha256;  // of the books that somebody agrees to, in hex; "" for any
    Actor by;
    Time at;
};
// It takes some seconds: what was heard by then has to be on record before it is read.
Task<Result<ClosedMonth>> close_month(
    Store& store, Settlements& settlements, Clock& clock, const TimeZone& zone, MonthToClose what,
    std::function<void(std::int64_t)> heard = {}
);

}  // namespace payments
