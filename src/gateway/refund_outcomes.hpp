#pragma once

#include <string>

#include "flow/messages.hpp"
#include "payment/refunds.hpp"

// What a refund may come to besides having been made, alike for every provider.
namespace payments::gateway {

// It will not be made, or was never asked for: the amount is free again. `reason` is for the
// caller, `detail` for the transaction's story.
RefundResult refused_refund(
    Outcome outcome, const Refund& refund, std::string reason, std::string detail
);
// Whether it was made is not known: the amount stays reserved.
RefundResult unconfirmed_refund(
    Outcome outcome, const Refund& refund, const std::string& provider, std::string detail
);

}  // namespace payments::gateway
