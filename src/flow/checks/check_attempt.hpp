#pragma once

#include <vector>

#include "flow/flow_context.hpp"

namespace payments {

// An attempt as it stands after its provider was asked, and what the provider said.
struct CheckedAttempt {
    Transaction transaction;
    QueryResult result;

    CheckedAttempt(Transaction t, QueryResult r)
        : transaction(std::move(t)), result(std::move(r)) {}
};

// For how many seconds its start may still be waiting for the provider, which would know nothing of
// it yet: until then nobody asks. 0 when it is not.
int seconds_until_started(const FlowContext& context, const Transaction& attempt);

// Who is asked about it.
ProviderAccount account_of(const Transaction& attempt);

// Asks each attempt's provider how it stands, records the answers, and acts on them
// (docs/design.md, 3.10). The results are in the order of the attempts; all run on the loop of
// `context`, and throw as the ports do.
// - No answer changes nothing, except that a signed SimplePay notification which could not be
//   confirmed for 15 minutes then counts by itself where the rules say so (payment/confirm).
// - An attempt that is unpaid a minute after its deadline, or whose fee another attempt has paid,
//   is closed at the provider. Pending refunds are settled.
// - A zero-amount attempt has no provider to ask: it is captured. Its result is not `answered`.
Task<std::vector<CheckedAttempt>> check_attempts(
    FlowContext& context, std::vector<Transaction> attempts
);
Task<CheckedAttempt> check_attempt(FlowContext& context, Transaction attempt);

// Records the capture of a zero-amount attempt, and returns how it stands then.
Task<Transaction> capture_free(FlowContext& context, Transaction attempt);

// Closes an attempt at its provider, and returns how it stands then: unchanged without an answer.
Task<Transaction> cancel_attempt(FlowContext& context, Transaction attempt);

}  // namespace payments
