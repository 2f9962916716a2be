#pragma once

#include <chrono>
#include <memory>
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

// An OpenID Connect provider. On its loop's thread only.
class OidcClient final : public IdentityProvider {
public:
    // A provider that has failed is not asked again for this long what it is.
    static constexpr std::chrono::seconds failure_remembered{5};

    // `client` is for the provider alone: it bounds how many wait for it. Both outlive it. Throws
    // std::invalid_argument for an issuer that is no URL.
    OidcClient(HttpsClient& client, const Clock& clock, OidcSettings settings);

    Task<Result<ProviderDescription>> description() override;
    Task<Result<GrantedTokens>> exchange(std::string code, std::string verifier) override;
    Task<Result<GrantedTokens>> renew(std::string refresh_token) override;
    Task<Result<void>> revoke(std::string refresh_token) override;

private:
    struct Fetch;

    Task<void> learn_description();
    Task<Result<ProviderDescription>> fetch_description();
    Task<Result<GrantedTokens>> ask_for_tokens(form::Pairs form);
    Task<HttpsResponse> post(std::string endpoint, form::Pairs form, std::string_view operation);

    HttpsClient& client_;
    const Clock& clock_;
    const OidcSettings settings_;
    const Origin origin_;
    std::optional<ProviderDescription> known_;
    Error failure_;  // of the last fetch, where nothing is known
    std::chrono::milliseconds fetched_again_at_{};
    // Under way; whoever else needs it waits for it. Kept by those who wait, who end with the loop.
    std::weak_ptr<Fetch> fetch_;
};

}  // namespace payments::gateway
