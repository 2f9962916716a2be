#pragma once

#include "flow/issue_refund.hpp"

namespace payments {

// Gives money back at someone's request. The provider is asked first how the payment stands, so
// that what was refunded by hand on its own pages counts. Errors: as issue_refund, invalid_request
// (amount), provider_timeout when it is silent before anything was asked for, provider_refused,
// provider_unavailable. A refund without a usable answer is an error as well, provider_timeout or
// provider_garbled: its money stays reserved until the provider has spoken.
Task<Result<RefundReply>> refund_payment(FlowContext& context, RefundRequest request);

}  // namespace payments
