#pragma once

#include <string>
#include <vector>

#include "flow/flow_context.hpp"

// What a caller may see and touch, by the tickets it is about (docs/design.md, 4.4): the tickets
// service is asked with the caller's own privileges, and its answer is held against them here once
// more, so that a mistake there opens nothing. Throws as the ports do. On the loop of `context`.
namespace payments {

// All attempts for a ticket, for a user who may see it. Errc::unknown_ticket, ticket_out_of_scope,
// tickets_unavailable, tickets_timeout.
Task<Result<std::vector<Transaction>>> list_transactions(
    FlowContext& context, Privileges user, std::int64_t ticket_id, std::string traceparent
);

// The transaction with this id. Errc::unknown_transaction when there is none, and in the same words
// when the caller may not see its ticket; tickets_unavailable, tickets_timeout.
Task<Result<Transaction>> find_transaction(
    FlowContext& context, Privileges caller, std::int64_t id, std::string traceparent
);

// The review list (docs/design.md, 3.13) without what is about tickets that the caller may not see;
// its counts are of what is left. A message that fits no transaction is about no ticket and outside
// no scope. Each ticket on the list is asked for once, but for whom none is outside.
// Errc::tickets_unavailable, tickets_timeout.
Task<Result<Reviews>> reviews_in_scope(
    FlowContext& context, Privileges caller, ReviewQuery query, std::string traceparent
);

}  // namespace payments
