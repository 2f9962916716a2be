#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Reserves the amount, and only then asks the provider for it. Errors as Store::reserve_refund.
Task<Result<RefundReply>> issue_refund(
    FlowContext& context, std::int64_t transaction_id, RefundDetails details, Source source
);

// Looks after the refunds of an attempt of which the provider has just been heard: an open one is
// repeated where the provider knows our names, else looked for among the refunds it lists. The
// second payment of a fee is given back by itself where the rules say so.
Task<Transaction> reconcile_refunds(FlowContext& context, Transaction attempt);

}  // namespace payments
