#pragma once

#include "flow/flow_context.hpp"
#include "flow/settlement/settlements.hpp"

// Others are told what became of payouts, and what does not agree (docs/settlements.md, 12). On the
// loop of `context`, which has a subscriber; both throw as its ports.
namespace payments {

// What is to be told of a report becomes events, unless it was told so before.
Task<void> note_settlement_events(
    FlowContext& context, const settlement::Report& report, Time now
);

// Delivers what is due, of each payout and finding one after the other.
Task<void> tell_settlements(FlowContext& context);

}  // namespace payments
