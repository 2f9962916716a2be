#pragma once

#include <string>

#include "payment/transaction.hpp"

// Ending an attempt by hand, when its provider does not (docs/design.md, 3.13). Pure; safe on any
// thread.
namespace payments {

// Who ends it, and why: both are kept.
struct CloseDetails {
    std::string reason;  // for people
    std::string by;
};

// The fact `closed`. Errc::invalid_request without a reason; Errc::not_closable when it can still
// be paid by its visitor, when money was taken with it, or when there is nothing to end.
Result<Fact> request_close(const Transaction& transaction, const CloseDetails& details, Time now);

}  // namespace payments
