#include "http/auth/new_key.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

#include "support/crypto.hpp"

namespace payments::http {
namespace {

constexpr std::size_t rsa_bits = 3072;  // RFC 7518 asks for 2048, ENISA and BSI for 3000
constexpr std::size_t hmac_secret_bytes = 32;

using OwnedKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

OwnedKey made(EVP_PKEY* pkey) {
    if (!pkey) throw std::runtime_error("OpenSSL cannot make a key");
    return {pkey, EVP_PKEY_free};
}

// A number of the key, big-endian: at least `width` bytes, and without leading zeros beyond that.
std::string number_of(const OwnedKey& key, const char* param, int width = 1) {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(key.get(), param, &value) != 1)
        throw std::runtime_error("OpenSSL does not give a part of the key away");
    const int size = std::max(width, BN_num_bytes(value));
    std::string bytes(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), size);
    BN_clear_free(value);
    return crypto::base64url(bytes);
}

struct Part {
    const char* member;
    const char* param;
};
constexpr Part rsa_parts[] = {
    {"n", OSSL_PKEY_PARAM_RSA_N},          {"e", OSSL_PKEY_PARAM_RSA_E},
    {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};
constexpr Part p256_parts[] = {
    {"x", OSSL_PKEY_PARAM_EC_PUB_X},
    {"y", OSSL_PKEY_PARAM_EC_PUB_Y},
    {"d", OSSL_PKEY_PARAM_PRIV_KEY},
};

json::object new_rsa() {
    const auto key = made(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", rsa_bits));
    json::object jwk{{"kty", "RSA"}};
    for (const auto& [member, param] : rsa_parts) jwk[member] = number_of(key, param);
    return jwk;
}

json::object new_p256() {
    const auto key = made(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    json::object jwk{{"kty", "EC"}, {"crv", "P-256"}};
    for (const auto& [member, param] : p256_parts) jwk[member] = number_of(key, param, p256_bytes);
    return jwk;
}

json::object new_ed25519() {
    const auto key = made(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    const auto raw = [&](auto* get) {
        unsigned char bytes[32];
        std::size_t size = sizeof bytes;
        if (get(key.get(), bytes, &size) != 1)
            throw std::runtime_error("OpenSSL does not give a part of the key away");
        return crypto::base64url({reinterpret_cast<const char*>(bytes), size});
    };
    json::object jwk{{"kty", "OKP"}, {"crv", "Ed25519"}};
    jwk["x"] = raw(EVP_PKEY_get_raw_public_key);
    jwk["d"] = raw(EVP_PKEY_get_raw_private_key);
    return jwk;
}

json::object new_secret() {
    json::object jwk{{"kty", "oct"}};
    jwk["k"] = crypto::base64url(crypto::random_bytes(hmac_secret_bytes));
    return jwk;
}

json::object material(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::rs256:
            return new_rsa();
        case Algorithm::es256:
            return new_p256();
        case Algorithm::eddsa:
            return new_ed25519();
        case Algorithm::hs256:
            return new_secret();
    }
    throw std::logic_error("no such algorithm");
}

}  // namespace

json::object new_key(Algorithm algorithm) {
    auto jwk = material(algorithm);
    jwk["alg"] = name(algorithm);
    jwk["use"] = "sig";
    jwk["kid"] = thumbprint(jwk);
    return jwk;
}

json::object public_jwk(const json::object& jwk) {
    auto shown = jwk;
    for (const auto* member : {"d", "p", "q", "dp", "dq", "qi", "oth"}) shown.erase(member);
    shown.erase("key_ops");  // what the private half is for, not this one
    return shown;
}

// RFC 7638: the members that make the key, in order of their names. A kid that follows from the key
// needs no register.
std::string thumbprint(const json::object& jwk) {
    json::object required;
    for (const auto* member : {"crv", "e", "k", "kty", "n", "x", "y"})
        if (const auto* value = json::find(jwk, member)) required[member] = *value;
    return crypto::base64url(crypto::sha256(json::canonical(required)));
}

}  // namespace payments::http
