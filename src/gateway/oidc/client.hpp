#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "flow/console/identity_provider.hpp"
#include "flow/ports.hpp"
#include "gateway/https_client.hpp"
#include "support/form.hpp"

namespace payments::gateway {

struct OidcSettings {
    std::string issuer;         // as the provider writes it, to the letter
    std::string client_id;      //
    std::string client_secret;  // "" for a public client
    std::string redirect_uri;   // as it is registered there, to the letter
    std::string resource;       // what the access token is for (RFC 8707), "" for no word of it
    std::chrono::milliseconds timeout{5'000};
};

// An OpenID Connect provider, asked by the one HTTPS client. On its loop's thread only.
class OidcClient final : public IdentityProvider {
public:
    // Both outlive it. Throws std::invalid_argument for an issuer that is no URL.
    OidcClient(HttpsClient& client, const Clock& clock, OidcSettings settings);

    Task<Result<ProviderDescription>> description() override;
    Task<Result<GrantedTokens>> exchange(std::string code, std::string verifier) override;
    Task<Result<GrantedTokens>> renew(std::string refresh_token) override;

private:
    Task<Result<ProviderDescription>> fetch_description();
    Task<Result<GrantedTokens>> ask_for_tokens(form::Pairs form);

    HttpsClient& client_;
    const Clock& clock_;
    const OidcSettings settings_;
    const Origin origin_;
    std::optional<ProviderDescription> known_;
    std::chrono::milliseconds known_since_{};
};

}  // namespace payments::gateway
