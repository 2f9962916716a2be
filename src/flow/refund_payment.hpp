#pragma once

#include <optional>
#include <string>

#include "flow/give_back.hpp"

namespace payments {

struct RefundRequest {
    std::int64_t transaction_id = 0;
    std::optional<std::string> amount;  // decimal, in the transaction's currency; without: the rest
    std::string reason;                 // for people
    std::string by;                     // who asks
    std::string key;                    // Idempotency-Key: with the same, there is one refund
};

// Gives money back at someone's request. The provider is asked first how the payment stands, so
// that what was refunded by hand on its own pages counts. Errors: as give_back, invalid_request
// (amount), provider_timeout when it is silent before anything was asked for, provider_refused,
// provider_unavailable. A refund without a usable answer is an error as well, provider_timeout or
// provider_garbled: its money stays reserved until the provider has spoken.
Task<Result<GivenBack>> refund_payment(World& world, RefundRequest request);

}  // namespace payments
