#pragma once

#include "flow/issue_refund.hpp"

namespace payments {

// Gives money back because a member of staff asked for it (docs/design.md, 3.9). The provider is
// asked first how the payment stands, so that what was refunded by hand on its own pages counts. On
// the loop of `context`; throws as the ports do.
//
// Errc::unknown_transaction; invalid_request (an amount that is no amount, 0, or in another
// currency); not_refundable; refund_too_large. Errc::provider_timeout (5 s until it is worth trying
// again) when the provider does not say how the payment stands: nothing was asked for. Then, of the
// refund itself: Errc::provider_refused, provider_unavailable (5 s), and the amount is free again;
// provider_timeout (5 s), provider_garbled, and it stays reserved until the provider has said what
// became of it.
Task<Result<RefundReply>> refund_payment(FlowContext& context, RefundRequest request);

}  // namespace payments
