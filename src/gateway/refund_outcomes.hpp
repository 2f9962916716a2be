#pragma once

#include <string>

#include "flow/messages.hpp"
#include "payment/refunds.hpp"

// The results of a refund that was not made, or not certainly, alike for every provider. Pure; safe
// on any thread.
namespace payments::gateway {

// It will not be made, or the provider was never asked (`outcome`: refused or unreachable): the
// fact `refund_refused`, which frees the amount. `reason` is for the caller, `detail` for the
// ledger.
RefundResult refused_refund(
    Outcome outcome, const Refund& refund, std::string reason, std::string detail
);
// Whether it was made is not known (`outcome`: unanswered or garbled): the fact
// `refund_unanswered`, and the amount stays reserved. `provider` is its name for people.
RefundResult unconfirmed_refund(
    Outcome outcome, const Refund& refund, const std::string& provider, std::string detail
);

}  // namespace payments::gateway
