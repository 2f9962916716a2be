#pragma once

#include <string>

#include "flow/task.hpp"
#include "http/auth/jwks_source.hpp"
#include "http/auth/jwt.hpp"

namespace payments::http {

// The claims of a token that a key of the ring has signed and that `rules` allow now: of tokens
// that are no caller's (an ID token, a logout token). The ring's keys are fetched again when the
// token names one that is not among them. Errc::unauthorized says what is wrong without quoting the
// token. The ring outlives the call.
Task<Result<json::object>> signed_claims(
    KeyRing& ring, std::string token, ClaimRules rules, Time now
);

}  // namespace payments::http
