#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Tries stored messages again that matched no transaction when they came and are due (Store::
// claim_unmatched): a webhook that names only the provider's id can overtake the answer that tells
// us this id. Their facts are recorded as learned now, and say so. Returns how many were tried.
// Throws as a Store does. On the loop of `context`.
Task<std::size_t> retry_unmatched(FlowContext& context);

// The same of one of them: which transaction it is about, or nothing when there is still none.
Task<std::optional<std::int64_t>> try_again(FlowContext& context, UnmatchedMessage unmatched);

}  // namespace payments
