#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "payment/error.hpp"

namespace payments::sandbox {

// Service tokens in both directions (docs/design.md, 4.1). Empty functions: none are sent, none are
// asked for.
struct ServiceTokens {
    std::function<std::string(boost::json::object claims)> mint;
    // The claims of a token that the payment service signed. Errc::unauthorized.
    std::function<Result<boost::json::object>(std::string_view token)> check;
};

// Reads service.jwk (to sign with) and payments.jwks (to verify with) in `directory`. Throws
// std::runtime_error when one is missing or unreadable.
ServiceTokens read_service_tokens(const std::string& directory);
// Makes the keys of the platform where they are missing: <name>.jwk (private, for its owner only)
// and <name>.jwks (public) for user, service and payments.
void make_keys(const std::string& directory);

}  // namespace payments::sandbox
