#pragma once

#include <optional>

#include "payment/transaction.hpp"

// When a provider is asked about an attempt: the schedule of checks (docs/design.md, 3.10).
namespace payments {

// When the provider is to be asked about an attempt again, after `checks` checks that brought
// nothing new; nothing when it need not be (docs/design.md, 3.10). Seconds apart for a claimed
// capture (also one that was contradicted) or an unknown outcome (of a start or of a refund), else
// after 1, 5, 15, 60 minutes and hourly, until three days after the deadline; without end for a
// pending refund, whose money stays reserved. Pure.
std::optional<Time> next_check(
    const Transaction& transaction, const Facts& facts, int checks, Time now
);

}  // namespace payments
