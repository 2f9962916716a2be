#pragma once

#include "flow/flow_context.hpp"

// Sums of money in the background (docs/money.md, 3). Both run until the loop stops, on any number
// of replicas, on the loop of `context`.
namespace payments {

// Moves what changes have left for the sums on to where it is found quicker.
Task<void> keep_folding_totals(FlowContext& context);
// Counts payments that are in no sum yet.
Task<void> keep_counting_transactions(FlowContext& context);

}  // namespace payments
