#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flow/console/identity_provider.hpp"
#include "http/console/session_seal.hpp"
#include "payment/transaction.hpp"
#include "support/json.hpp"

// The authorization code flow of OpenID Connect with PKCE, as far as it needs nobody: what is asked
// for, what an answer must bring back, and what must fit (docs/console.md). Pure but for the
// randomness of an attempt; any thread.
namespace payments::http {

struct OidcRules {
    std::string issuer, client_id;
    std::string redirect_uri;        // .../console/signed-in
    std::string signed_out_uri;      // where the provider sends the browser after signing out
    std::string resource;            // RFC 8707; "" without
    bool takes_id_token = false;     // as the user token; else the access token is
    std::chrono::minutes max_age{};  // since the provider has seen the person; 0 for any
};

// One try to sign in. The browser keeps it sealed in a cookie for ten minutes; what the provider
// answers must fit it.
struct SignInAttempt {
    std::string state, nonce;  // random, 256 bits each
    std::string verifier;      // PKCE's, never sent but to the token endpoint
    std::string to;            // where in the console it leads
    std::string former;        // the session that the browser had, "" without one
    Time until{};
};
inline constexpr std::chrono::minutes attempt_lasts{10};

// `former` is the session's cookie: the answer comes without it, for it comes from another site.
SignInAttempt new_attempt(std::string_view to, std::string_view former, Time now);
// `to` itself, or the console's first page for what leads anywhere else.
std::string target_within(std::string_view to);

// The value of the cookie, and what it holds; nothing for one that was changed or is too old.
std::string seal_attempt(const SessionSeal& seal, const SignInAttempt& attempt);
std::optional<SignInAttempt> open_attempt(
    const SessionSeal& seal, std::string_view sealed, Time now
);

// Where the browser is sent to sign in, and to sign out at the provider ("" where that is not
// possible). `id_token` is a hint there whose session ends; it is left out where it is the user
// token.
std::string authorization_url(
    const ProviderDescription& provider, const OidcRules& rules, const SignInAttempt& attempt
);
std::string end_session_url(
    const ProviderDescription& provider, const OidcRules& rules, std::string_view id_token
);

// Whether the query that the browser brings back answers this attempt: it has its state.
bool answers(std::string_view query, const SignInAttempt& attempt);

// The code in the query that the browser brings back. Errc::unauthorized says why there is none:
// another state, another issuer (mix-up), or the provider's refusal; forbidden that the person, or
// the provider, declined.
Result<std::string> code_in(
    std::string_view query, const SignInAttempt& attempt, const ProviderDescription& provider,
    const OidcRules& rules
);

// Whether an ID token, whose signature, issuer and audience are good, belongs to this attempt and
// client, and to somebody whom the provider has seen within max_age. Errc::unauthorized.
Result<void> check_id_claims(
    const json::object& claims, const SignInAttempt& attempt, const OidcRules& rules, Time now
);

// When the person proved who they are (auth_time), by any token; nothing when it does not say.
std::optional<Time> authentication_time(const json::object& claims);

// Whether an ID token that has just been made shows another time than ours: what is wrong with it
// then is a clock.
bool shows_another_time(std::string_view id_token, Time now);

// Whose sessions a logout token ends (OpenID Connect Back-Channel Logout 1.0, 2.6): by the
// provider's session, or all of a person. It must have been made within logout_lasts: an older one
// would end sessions that were opened since then. Errc::invalid_request.
inline constexpr std::chrono::minutes logout_lasts{5};
struct LogoutOf {
    std::string provider_session, sub;  // one of them may be ""
};
Result<LogoutOf> read_logout(const json::object& claims, Time now);

}  // namespace payments::http
