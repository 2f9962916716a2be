#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Matches settlements once an hour, and soon after a file or a decision has come, so that alarms
// tell of what is not explained (docs/settlements.md, 7). Of several replicas one matches at a
// time. Where no file was ever imported it only looks. On the loop of `context`, which goes on
// meanwhile; never returns.
Task<void> keep_matching(FlowContext& context);

}  // namespace payments
