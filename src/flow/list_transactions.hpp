#pragma once

#include <string>
#include <vector>

#include "flow/flow_context.hpp"

namespace payments {

// All attempts for a ticket, for a user who may see it (docs/design.md, 4.4): the tickets service
// is asked with the user's own privileges, and its answer is held against them here once more, so
// that a mistake there shows nobody another's payments. Errc::unknown_ticket, ticket_out_of_scope,
// tickets_unavailable, tickets_timeout. Throws as the ports do. On the loop of `context`.
Task<Result<std::vector<Transaction>>> list_transactions(
    FlowContext& context, Privileges user, std::int64_t ticket_id, std::string traceparent
);

}  // namespace payments
