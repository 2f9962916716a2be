#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Opens an attempt to pay and asks the provider. The attempt is on record before the provider
// hears of it, the amount comes from what is on offer now, and at most one attempt per ticket and
// fee can be paid: a living one is handed out again (Stripe), closed at the provider first, or
// stands in the way (Errc::payment_in_progress).
Task<Result<StartReply>> start_payment(FlowContext& context, StartRequest request);

}  // namespace payments
