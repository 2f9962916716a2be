#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/auth/jwks.hpp"
#include "payment/privileges.hpp"
#include "payment/transaction.hpp"
#include "support/json.hpp"

// JSON Web Tokens (RFC 7519) in compact form (RFC 7515), taken apart and checked step by step
// (docs/design.md, 4.1 and 4.3). Every refusal is Errc::unauthorized with a detail that names the
// rule and never quotes the token: a log line with a token would be a key for whoever reads it.
// Pure functions.
namespace payments::http {

// A token as received; nothing of it is trusted before check_signature.
struct Token {
    std::string signed_text;         // header and payload as they came
    std::string alg;                 //
    std::optional<std::string> kid;  //
    std::string payload;             // decoded
    std::string signature;           // decoded

    // Three parts of strict base64url, the header strict JSON with an `alg`, without `crit`, `b64`.
    static Result<Token> read(std::string_view text);
};

// Whether the one key that fits the token's `kid` and `alg` made its signature.
Result<void> check_signature(const Token& token, const KeySet& keys);

// The payload as an object.
Result<json::object> read_claims(const Token& token);

// What a token must say of its origin; "" where it need not.
struct ClaimRules {
    std::string issuer;    // `iss`
    std::string audience;  // `aud`, or one of them
};

constexpr std::chrono::seconds leeway{60};  // clocks of two machines differ

// `exp` (required), `nbf`, `iat`, `iss`, `aud`; until when the token is valid, leeway included.
Result<Time> check_claims(const json::object& claims, const ClaimRules& rules, Time now);

// Whose token it is by its claims, where the key that made it may sign for both: a service's when
// it has `service`, else a user's; one that has `privs` too is refused.
Result<Caller::Kind> kind_of(const json::object& claims);
// `sub` and perhaps `name` and `privs`, or `service` and perhaps `servicePrivs`. Without them the
// caller has no privileges.
Result<Caller> read_caller(const json::object& claims, Caller::Kind kind);

// A signed token with these claims; `iat` (now) and `exp` (five minutes later) are added where they
// are missing. `key` must be one to sign with, else std::logic_error.
std::string mint(const Key& key, json::object claims, Time now);

}  // namespace payments::http
