#pragma once

#include <cstddef>
#include <string>

#include "flow/task.hpp"
#include "payment/error.hpp"

// Where staff sign in (OpenID Connect); adapter: gateway/oidc.
namespace payments {

// What a provider says of itself (OpenID Connect Discovery 1.0).
struct ProviderDescription {
    std::string authorization_endpoint, token_endpoint;
    std::string end_session_endpoint, revocation_endpoint;  // "" when it has none
    bool names_itself = false;                              // its answers carry `iss` (RFC 9207)
};

// What a code, or a refresh token, was exchanged for; "" for what did not come.
struct GrantedTokens {
    static constexpr std::size_t bytes_max = 32 * 1024;  // of each

    std::string access, id, refresh;
};

// Calls belong to one event loop and end within twice the provider's timeout. Errors are
// Errc::unauthorized when the provider says that the code or refresh token is not, or no more, good
// (invalid_grant of RFC 6749, 5.2), and Errc::provider_unavailable when it cannot be asked, refuses
// us, or answers what is no answer; details hold no secret.
struct IdentityProvider {
    virtual ~IdentityProvider() = default;

    // Asked for once an hour, by one call for all who wait; an older one is given when it cannot be
    // had again. Where there is none a failure is the answer for some seconds.
    virtual Task<Result<ProviderDescription>> description() = 0;
    // `verifier` is PKCE's (RFC 7636).
    virtual Task<Result<GrantedTokens>> exchange(std::string code, std::string verifier) = 0;
    virtual Task<Result<GrantedTokens>> renew(std::string refresh_token) = 0;
    // Says that it is not needed any more (RFC 7009), where the provider can be told.
    virtual Task<Result<void>> revoke(std::string refresh_token) = 0;
};

}  // namespace payments
