#pragma once

#include "flow/console/identity_provider.hpp"
#include "http/auth/verifier.hpp"
#include "http/console/sessions.hpp"

// How what a session holds is renewed at the identity provider (docs/console.md).
namespace payments::http {

// What that needs; all of it outlives the call. On the loop's thread.
struct RenewalContext {
    const Console& console;
    SessionStore& store;
    IdentityProvider& provider;
    TokenVerifier& tokens;
    Clock& clock;
};

// Renews what the session holds when that is due and nobody else is at it; where it comes to
// nothing the session goes on for as long as what it holds. Errc::unauthorized when the provider
// refuses: then it has ended; provider_unavailable when what it holds has ended and nobody has
// renewed it yet.
Task<Result<void>> keep_renewed(RenewalContext& context, ActiveSession& session);

}  // namespace payments::http
