#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Reads messages again that were about no transaction we knew when they came and are due to be
// tried: an event that named only the provider's id overtakes the answer that tells us this id.
// What they say is learned now, and says so. Returns how many were tried.
Task<std::size_t> retry_unmatched(FlowContext& context);

}  // namespace payments
