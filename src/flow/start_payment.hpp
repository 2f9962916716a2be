#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Opens an attempt to pay and starts it at its provider (docs/design.md, 3.1, 3.2 and 3.8). The
// attempt is on record before the provider hears of it, and the amount is the one on offer now. At
// most one attempt per ticket and fee can be paid: a live one is handed out again (Stripe, same
// code and amount), or closed at its provider first, or blocks this one. A free ticket is paid at
// once. On the loop of `context`; throws as the ports do.
//
// Errors, each with the attempt it is about where there is one:
// - of the ticket: Errc::unknown_ticket, ticket_out_of_scope, tickets_unavailable, tickets_timeout;
// - of the request: Errc::code_not_offered (no payment code, or not on offer now), invalid_request
// (no
//   e-mail address, here or in the ticket);
// - of other attempts: Errc::already_paid; payment_in_progress, with 2, 5 or 15 s until it is worth
//   trying again;
// - of the provider: Errc::provider_refused, provider_unavailable (5 s): nothing was created, the
//   attempt has failed; provider_timeout (5 s), provider_garbled: what happened is unknown, the
//   attempt is checked in the background; provider_garbled also for an attempt that is in review.
Task<Result<StartReply>> start_payment(FlowContext& context, StartRequest request);

}  // namespace payments
