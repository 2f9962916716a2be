#pragma once

#include "flow/flow_context.hpp"
#include "payment/sums.hpp"

// Sums of money in the background (docs/money.md, 3). All run until the loop stops, on any number
// of replicas, on the loop of `context`.
namespace payments {

// Moves what changes have left for the sums on to where it is found quicker.
Task<void> keep_folding_totals(FlowContext& context);
// Adds up days that are over, as `days` has them. `context` has an office.
Task<void> keep_adding_up_days(FlowContext& context, DaysBetween days);
// Counts payments that are in no sum yet.
Task<void> keep_counting_transactions(FlowContext& context);

}  // namespace payments
