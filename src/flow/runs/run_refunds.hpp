#pragma once

#include "flow/flow_context.hpp"

// The work of refund runs (docs/refund_runs.md, 4), on any number of replicas. On the loop of
// `context`.
namespace payments {

// Takes the item of this processor that is due longest, gives it back as refundPayment does, or
// looks what became of it, and records that. Returns false when there was none. Throws as the ports
// do: then the item comes up again when its lease is over.
Task<bool> refund_due_item(FlowContext& context, Processor processor);

// The same again and again, at the pace of the rules, until the loop stops.
Task<void> keep_running_refunds(FlowContext& context, Processor processor);

}  // namespace payments
