#pragma once

#include <vector>

#include "flow/flow_context.hpp"

namespace payments {

// What came of asking: the attempt as it stands now, and what was said.
struct CheckedAttempt {
    Transaction transaction;
    QueryResult result;

    CheckedAttempt(Transaction t, QueryResult r)
        : transaction(std::move(t)), result(std::move(r)) {}
};

// Asks each attempt's provider about it (SimplePay: up to 50 in a call) and takes the words through
// the one door. Silence changes nothing, except that a signed SimplePay notification which could
// not be confirmed for 15 minutes then counts alone, where the rules say so. An attempt whose
// deadline has passed unpaid, or whose fee another attempt has paid, is closed at the provider;
// open refunds are settled. A free ticket is settled, and no provider hears of it. The answers are
// in the order of the attempts.
Task<std::vector<CheckedAttempt>> check_attempts(
    FlowContext& context, std::vector<Transaction> attempts
);
Task<CheckedAttempt> check_attempt(FlowContext& context, Transaction attempt);

// Nothing to pay: the attempt is paid at once.
Task<Transaction> capture_free(FlowContext& context, Transaction attempt);

// Closes an attempt at the provider, and returns how it stands then.
Task<Transaction> cancel_attempt(FlowContext& context, Transaction attempt);

}  // namespace payments
