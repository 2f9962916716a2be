#include "http/auth/jwk.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "support/crypto.hpp"

namespace payments::http {
namespace {

constexpr int rsa_bits_min = 2048;
constexpr int rsa_bits_max = 16384;  // OpenSSL verifies with no larger one
constexpr std::size_t hmac_secret_bytes_min = 32;
constexpr std::size_t ed25519_bytes = 32;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* owned) const {
        Free(owned);
    }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using ParamsBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using Pkey = std::shared_ptr<EVP_PKEY>;

// OpenSSL keeps errors per thread, and a TLS connection of the same thread would take ours for its
// own: whoever expects failures clears them.
struct ErrorsCleared {
    ~ErrorsCleared() { ERR_clear_error(); }
};

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Pkey owned(EVP_PKEY* pkey) { return {pkey, EVP_PKEY_free}; }

Number number(std::string_view big_endian) {
    return Number{BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr)};
}

Error wrong_key(std::string detail) { return {Errc::invalid_request, std::move(detail)}; }

Result<std::string> decoded(const json::object& jwk, std::string_view member) {
    auto octets = crypto::unbase64url(json::string_or(jwk, member, ""));
    if (!octets || octets->empty())
        return wrong_key("its member " + std::string{member} + " is not base64url text");
    return *octets;
}

// Null when OpenSSL finds the parameters impossible (a point off its curve, for example).
Pkey from_params(const char* type, int selection, OSSL_PARAM_BLD* builder) {
    const ErrorsCleared cleared;
    const Params params{OSSL_PARAM_BLD_to_param(builder)};
    const PkeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    EVP_PKEY* pkey = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &pkey, selection, params.get()) != 1)
        return nullptr;
    return owned(pkey);
}

struct Pair {
    Pkey public_part, private_part;
};

// -------------------------------------------------------------------------------- RSA

Result<Pkey> rsa_private(const json::object& jwk, const BIGNUM* n, const BIGNUM* e) {
    constexpr std::pair<const char*, const char*> parts[] = {
        {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
        {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
        {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
    };
    std::vector<Number> numbers;  // the builder only points at them
    const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e);
    for (const auto& [member, param] : parts) {
        const auto octets = decoded(jwk, member);
        if (!octets) return octets.error();
        numbers.push_back(number(*octets));
        OSSL_PARAM_BLD_push_BN(builder.get(), param, numbers.back().get());
    }
    auto pkey = from_params("RSA", EVP_PKEY_KEYPAIR, builder.get());
    if (!pkey) return wrong_key("its private part is not that of an RSA key");
    return pkey;
}

Result<Pair> read_rsa(const json::object& jwk, Key::Use use) {
    const auto modulus = decoded(jwk, "n"), exponent = decoded(jwk, "e");
    if (!modulus) return modulus.error();
    if (!exponent) return exponent.error();
    const auto n = number(*modulus), e = number(*exponent);
    const int bits = BN_num_bits(n.get());
    if (bits < rsa_bits_min || bits > rsa_bits_max)
        return wrong_key(
            "its RSA modulus has " + std::to_string(bits) + " bits, allowed are " +
            std::to_string(rsa_bits_min) + " to " + std::to_string(rsa_bits_max)
        );
    // OpenSSL takes such keys, though none is real: with exponent 1 anybody could sign.
    if (!BN_is_odd(n.get())) return wrong_key("its RSA modulus is even");
    if (!BN_is_odd(e.get())) return wrong_key("its RSA exponent is even");
    if (BN_is_one(e.get())) return wrong_key("its RSA exponent is 1");

    const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    Pair pair{from_params("RSA", EVP_PKEY_PUBLIC_KEY, builder.get()), nullptr};
    if (!pair.public_part) return wrong_key("its modulus and exponent are not an RSA key");
    if (use == Key::Use::verify) return pair;

    auto private_part = rsa_private(jwk, n.get(), e.get());
    if (!private_part) return private_part.error();
    pair.private_part = std::move(*private_part);
    return pair;
}

// --------------------------------------------------------------------------------- EC

Result<Pair> read_p256(const json::object& jwk, Key::Use use) {
    const auto x = decoded(jwk, "x"), y = decoded(jwk, "y");
    if (!x) return x.error();
    if (!y) return y.error();
    if (x->size() != p256_bytes || y->size() != p256_bytes)
        return wrong_key("its coordinates do not have 32 bytes each");
    const auto point = "\x04" + *x + *y;

    const auto push_public = [&](OSSL_PARAM_BLD* builder) {
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
        OSSL_PARAM_BLD_push_octet_string(
            builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()
        );
    };
    const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
    push_public(builder.get());
    Pair pair{from_params("EC", EVP_PKEY_PUBLIC_KEY, builder.get()), nullptr};
    if (!pair.public_part) return wrong_key("its point is not on the curve P-256");
    if (use == Key::Use::verify) return pair;

    const auto scalar = decoded(jwk, "d");
    if (!scalar) return scalar.error();
    const auto d = number(*scalar);
    const ParamsBuilder both{OSSL_PARAM_BLD_new()};
    push_public(both.get());
    OSSL_PARAM_BLD_push_BN(both.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get());
    pair.private_part = from_params("EC", EVP_PKEY_KEYPAIR, both.get());
    if (!pair.private_part) return wrong_key("its private part is not that of a P-256 key");
    return pair;
}

// OpenSSL signs ECDSA in DER; JWS wants the two numbers side by side (RFC 7518 section 3.4).
std::string der_of(std::string_view raw) {
    auto r = number(raw.substr(0, p256_bytes)), s = number(raw.substr(p256_bytes));
    const EcdsaSignature signature{ECDSA_SIG_new()};
    ECDSA_SIG_set0(signature.get(), r.release(), s.release());
    std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
    auto* out = bytes(der);
    i2d_ECDSA_SIG(signature.get(), &out);
    return der;
}

std::string raw_of(std::string_view der) {
    const auto* in = bytes(der);
    const EcdsaSignature signature{d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size()))};
    if (!signature) throw std::runtime_error("OpenSSL made no ECDSA signature");
    std::string raw(2 * p256_bytes, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes(raw), p256_bytes);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes(raw) + p256_bytes, p256_bytes);
    return raw;
}

// ---------------------------------------------------------------------------- Ed25519

Result<Pair> read_ed25519(const json::object& jwk, Key::Use use) {
    const auto x = decoded(jwk, "x");
    if (!x) return x.error();
    if (x->size() != ed25519_bytes) return wrong_key("its member x does not have 32 bytes");
    Pair pair{
        owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(*x), x->size())),
        nullptr};
    if (use == Key::Use::verify) return pair;

    const auto d = decoded(jwk, "d");
    if (!d) return d.error();
    if (d->size() != ed25519_bytes) return wrong_key("its member d does not have 32 bytes");
    pair.private_part =
        owned(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes(*d), d->size()));
    return pair;
}

// -------------------------------------------------------------------------- any of them

// The one algorithm we use a key type for; nothing for types that we do not use.
std::optional<Algorithm> natural_algorithm(const json::object& jwk) {
    const auto kty = json::string_or(jwk, "kty", ""), crv = json::string_or(jwk, "crv", "");
    if (kty == "RSA") return Algorithm::rs256;
    if (kty == "EC" && crv == "P-256") return Algorithm::es256;
    if (kty == "OKP" && crv == "Ed25519") return Algorithm::eddsa;
    if (kty == "oct") return Algorithm::hs256;
    return std::nullopt;
}

bool has_use(const json::object& jwk) {
    return !json::find(jwk, "use") || json::string_or(jwk, "use", "") == "sig";
}

bool has_operation(const json::object& jwk, Key::Use use) {
    const auto* operations = json::find(jwk, "key_ops");
    if (!operations) return true;
    if (!operations->is_array()) return false;
    const auto& list = operations->get_array();
    const auto allows = [&](std::string_view operation) {
        return std::ranges::any_of(list, [&](const auto& o) {
            return o.is_string() && o.get_string() == operation;
        });
    };
    // What signs with a shared secret can verify with it too.
    const bool shared = json::string_or(jwk, "kty", "") == "oct";
    return allows(use == Key::Use::sign ? "sign" : "verify") || (shared && allows("sign"));
}

const EVP_MD* digest_of(Algorithm algorithm) {
    return algorithm == Algorithm::eddsa ? nullptr : EVP_sha256();
}

std::string text_of(const json::object& o, std::string_view member) {
    return json::string_or(o, member, "");
}

}  // namespace

std::string_view name(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::rs256:
            return "RS256";
        case Algorithm::es256:
            return "ES256";
        case Algorithm::eddsa:
            return "EdDSA";
        case Algorithm::hs256:
            return "HS256";
    }
    throw std::logic_error("no such algorithm");
}

std::optional<Algorithm> algorithm_of(std::string_view text) {
    using enum Algorithm;
    if (text == "Ed25519") return eddsa;
    for (const auto algorithm : {rs256, es256, eddsa, hs256})
        if (name(algorithm) == text) return algorithm;
    return std::nullopt;
}

std::string Key::why_not_for(const json::object& jwk, Use use) {
    if (!natural_algorithm(jwk)) return "its kty or crv is none that we use";
    if (!has_use(jwk)) return "its use is not sig";
    if (!has_operation(jwk, use))
        return use == Use::sign ? "its key_ops do not hold sign" : "its key_ops do not hold verify";
    return "its alg is none that we use";
}

Result<std::optional<Key>> Key::read(const json::object& jwk, Use use) {
    const std::optional<Key> not_for_us;
    const auto natural = natural_algorithm(jwk);
    if (!natural || !has_use(jwk) || !has_operation(jwk, use)) return not_for_us;
    if (json::find(jwk, "alg")) {
        const auto stated = algorithm_of(text_of(jwk, "alg"));
        if (!stated) return not_for_us;
        if (stated != natural)
            return wrong_key(
                "its alg " + text_of(jwk, "alg") + " does not go with its kty " +
                text_of(jwk, "kty")
            );
    }
    Key key;
    key.id_ = text_of(jwk, "kid");
    key.algorithm_ = *natural;
    if (*natural == Algorithm::hs256) {
        auto secret = decoded(jwk, "k");
        if (!secret) return secret.error();
        if (secret->size() < hmac_secret_bytes_min)
            return wrong_key(
                "its secret has " + std::to_string(secret->size()) + " bytes, HS256 needs " +
                std::to_string(hmac_secret_bytes_min)
            );
        key.secret_ = std::move(*secret);
        return std::optional{key};
    }
    auto pair = *natural == Algorithm::rs256   ? read_rsa(jwk, use)
                : *natural == Algorithm::es256 ? read_p256(jwk, use)
                                               : read_ed25519(jwk, use);
    if (!pair) return pair.error();
    key.public_ = std::move(pair->public_part);
    key.private_ = std::move(pair->private_part);
    // Two halves of different keys would sign tokens that nobody can verify; better at the start.
    constexpr std::string_view probe = "does the private part belong to the public one?";
    if (use == Use::sign && !key.verify(probe, key.sign(probe)))
        return wrong_key("its private part does not belong to its public part");
    return std::optional{key};
}

bool Key::verify(std::string_view text, std::string_view signature) const {
    if (algorithm_ == Algorithm::hs256)
        return crypto::equal_in_constant_time(crypto::hmac_sha256(secret_, text), signature);
    std::string der;
    if (algorithm_ == Algorithm::es256) {
        if (signature.size() != 2 * p256_bytes) return false;
        der = der_of(signature);
        signature = der;
    }
    const ErrorsCleared cleared;
    const DigestContext context{EVP_MD_CTX_new()};
    return EVP_DigestVerifyInit(
               context.get(), nullptr, digest_of(algorithm_), nullptr, public_.get()
           ) == 1 &&
           EVP_DigestVerify(
               context.get(), bytes(signature), signature.size(), bytes(text), text.size()
           ) == 1;
}

std::string Key::sign(std::string_view text) const {
    if (algorithm_ == Algorithm::hs256) return crypto::hmac_sha256(secret_, text);
    if (!private_) throw std::logic_error("a public key cannot sign");
    const ErrorsCleared cleared;
    const DigestContext context{EVP_MD_CTX_new()};
    std::size_t size = 0;
    const auto* digest = digest_of(algorithm_);
    if (EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, private_.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes(text), text.size()) != 1)
        throw std::runtime_error("OpenSSL cannot sign with this key");
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), bytes(signature), &size, bytes(text), text.size()) != 1)
        throw std::runtime_error("OpenSSL cannot sign with this key");
    signature.resize(size);
    return algorithm_ == Algorithm::es256 ? raw_of(signature) : signature;
}

}  // namespace payments::http
