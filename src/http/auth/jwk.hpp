#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "payment/error.hpp"
#include "support/json.hpp"

typedef struct evp_pkey_st EVP_PKEY;

// JSON Web Keys (RFC 7517, 7518, 8037; docs/design.md, 4.3): read strictly, used for one algorithm
// each. Keys are values that never change, for any thread.
namespace payments::http {

// What makes a token or a key of it unusable; `detail` names the rule and never quotes the token.
inline Error unauthorized_because(std::string detail) {
    return {Errc::unauthorized, std::move(detail)};
}

constexpr std::size_t p256_bytes = 32;  // of each coordinate, and of r and s of a signature

enum class Algorithm : std::uint8_t { rs256, es256, eddsa, hs256 };

std::string_view name(Algorithm algorithm);  // "RS256", "ES256", "EdDSA", "HS256"
// By that name, or by "Ed25519" (RFC 9864), which EdDSA is called where the curve is in the name.
std::optional<Algorithm> algorithm_of(std::string_view name);

// One key. Which algorithm it is for follows from the key alone and never from a token, which could
// else choose: an RSA public key taken as an HS256 secret would let anyone sign.
class Key {
public:
    enum class Use : std::uint8_t { verify, sign };

    // The key that a JWK describes; for Use::sign it must have its private part, and that must
    // belong to the public one. Nothing when the key is not meant for this use or for none of our
    // algorithms (`use`, `key_ops`, `kty`, `crv`, `alg`). Errc::invalid_request says what is wrong
    // with a key that is meant for us: incomplete, contradictory or weak.
    static Result<std::optional<Key>> read(const json::object& jwk, Use use);
    // Why `read` finds no key for this use in a JWK: names the member by which it is another's.
    static std::string why_not_for(const json::object& jwk, Use use);

    const std::string& id() const { return id_; }  // `kid`, "" without
    Algorithm algorithm() const { return algorithm_; }

    // `signature` as JWS has it: for ES256 the 64 bytes r and s, not DER.
    bool verify(std::string_view text, std::string_view signature) const;
    // In the same form. Throws std::logic_error for a key that was not read for signing.
    std::string sign(std::string_view text) const;

private:
    Key() = default;

    std::string id_;
    Algorithm algorithm_ = Algorithm::es256;
    std::shared_ptr<EVP_PKEY> public_;
    std::shared_ptr<EVP_PKEY> private_;
    std::string secret_;  // HS256
};

}  // namespace payments::http
