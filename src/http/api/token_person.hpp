#pragma once

#include <optional>
#include <string>

#include "http/api/handlers.hpp"

namespace payments::http {

// Who somebody is by a user token.
struct TokenPerson {
    std::string sub;
    std::string name;  // to be shown; `sub` when the token has none
    Time token_ends_at;
    std::optional<Time> authenticated_at;  // nothing when the token does not say

    TokenPerson(std::string who, std::string shown, Time ends, std::optional<Time> at)
        : sub(std::move(who)), name(std::move(shown)), token_ends_at(ends), authenticated_at(at) {}
};

// The token is judged as at every call. Errors of TokenVerifier::verify. `context` outlives it.
Task<Result<TokenPerson>> person_of(ApiContext& context, std::string token, Time now);

}  // namespace payments::http
