#pragma once

#include "http/auth/jwk.hpp"

namespace payments::http {

// A new private JWK: RSA with 3072 bits, P-256, Ed25519, or a secret of 32 random bytes. Its kid is
// the thumbprint. Throws std::runtime_error when OpenSSL cannot make it.
json::object new_key(Algorithm algorithm);

// What others need to verify with: the JWK without its private members. HS256 has no such half:
// its verification key is the secret itself.
json::object public_jwk(const json::object& jwk);

// SHA-256 over the members that make the key what it is, in base64url (RFC 7638).
std::string thumbprint(const json::object& jwk);

}  // namespace payments::http
