#pragma once

#include <cstdint>
#include <string>

#include "flow/messages.hpp"
#include "payment/error.hpp"

namespace payments {

// How a caller is told of a provider's call that did not succeed (`outcome` is not `accepted`):
// Errc::provider_refused, provider_garbled, provider_unavailable or provider_timeout, the last two
// with 5 s until it is worth trying again. `detail` is shown to the caller, so it must be safe.
Error provider_error(Outcome outcome, std::string detail, std::int64_t transaction_id);

}  // namespace payments
