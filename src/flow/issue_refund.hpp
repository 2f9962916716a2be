#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Reserves the amount, and only then asks the provider to give it back; a refund that was asked for
// under the same key before is not asked for again. What the provider made of it is in the reply,
// also when it refused. Errors as Store::reserve_refund; throws as the ports do. On the loop of
// `context`.
Task<Result<RefundReply>> issue_refund(
    FlowContext& context, std::int64_t transaction_id, RefundDetails details, Source source
);

// Looks after the refunds of an attempt whose provider has just answered a query, and returns how
// it stands then: a pending one is sent again where the provider knows our references, else looked
// for among the refunds it lists. The second payment of a fee is given back without being asked
// where the rules say so. Throws as the ports do. On the loop of `context`.
Task<Transaction> reconcile_refunds(FlowContext& context, Transaction attempt);

}  // namespace payments
