#include "support/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <list>
#include <memory>
#include <stdexcept>

namespace payments::crypto {
namespace {

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::int8_t foreign = -1;

// The six bits that each character stands for, `foreign` for those outside the alphabet.
constexpr std::array<std::int8_t, 256> inverse(std::string_view alphabet) {
    std::array<std::int8_t, 256> values{};
    values.fill(foreign);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return values;
}
constexpr auto standard_values = inverse(standard_alphabet);
constexpr auto url_values = inverse(url_alphabet);

std::uint32_t byte(char c) { return static_cast<unsigned char>(c); }

// Without padding.
std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string text((bytes.size() * 4 + 2) / 3, '\0');
    auto* next = text.data();
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const auto bits = byte(bytes[i]) << 16 | byte(bytes[i + 1]) << 8 | byte(bytes[i + 2]);
        for (int shift = 18; shift >= 0; shift -= 6) *next++ = alphabet[bits >> shift & 63];
    }
    if (i == bytes.size()) return text;
    const bool two_left = i + 2 == bytes.size();
    const auto bits = byte(bytes[i]) << 16 | (two_left ? byte(bytes[i + 1]) << 8 : 0);
    for (int shift = 18; shift >= (two_left ? 6 : 12); shift -= 6)
        *next++ = alphabet[bits >> shift & 63];
    return text;
}

// Text without padding. Refuses bits that belong to no byte, so each byte string has one text.
std::optional<std::string> decode(
    std::string_view text, const std::array<std::int8_t, 256>& values
) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    int count = 0;
    for (char c : text) {
        const auto value = values[byte(c)];
        if (value == foreign) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 255);
    }
    if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
    return bytes;
}

struct Free {
    void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* data(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* data(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

int length(std::string_view bytes) { return static_cast<int>(bytes.size()); }

constexpr std::size_t nonce_bytes = 12;  // random: a key seals far fewer than 2^32 texts
constexpr int tag_bytes = 16;

// An HMAC whose key has been taken in. OpenSSL 3 takes longer to find an algorithm and prepare a
// key than to hash a notification, so both are done once.
class KeyedMac {
public:
    KeyedMac(const char* digest, std::string_view key) : digest_(digest), key_(key) {
        const Owned<EVP_MAC> hmac{EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr)};
        context_.reset(EVP_MAC_CTX_new(hmac.get()));
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(
                OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest), 0  // it only reads it
            ),
            OSSL_PARAM_construct_end(),
        };
        is_good_ = EVP_MAC_init(context_.get(), data(key_), key_.size(), parameters) == 1;
    }

    // Not in constant time: both keys are ours, and no caller chooses either.
    bool is_of(const char* digest, std::string_view key) const {
        return digest_ == digest && key_ == key;
    }

    std::string of(std::string_view bytes) {
        std::string mac(EVP_MAX_MD_SIZE, '\0');
        std::size_t size = 0;
        // Without a key: the one that was taken in begins anew. A context that failed once stays
        // failed, for what it holds then is not known.
        is_good_ = is_good_ && EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 &&
                   EVP_MAC_update(context_.get(), data(bytes), bytes.size()) == 1 &&
                   EVP_MAC_final(context_.get(), data(mac), &size, mac.size()) == 1;
        if (!is_good_) throw std::runtime_error("OpenSSL cannot compute an HMAC");
        mac.resize(size);
        return mac;
    }

private:
    // A literal of this file: it outlives every KeyedMac.
    std::string_view digest_;
    std::string key_;
    Owned<EVP_MAC_CTX> context_;
    bool is_good_ = false;
};

// Each thread keeps the few keys it last used: those of the merchant accounts and endpoints.
std::string hmac(const char* digest, std::string_view key, std::string_view bytes) {
    // Three accounts of SimplePay, and the secrets of Stripe's endpoint and of our own events, each
    // two while they are changed.
    constexpr std::size_t kept_max = 8;
    thread_local std::list<KeyedMac> kept;  // the last used first
    const auto known =
        std::ranges::find_if(kept, [&](const KeyedMac& mac) { return mac.is_of(digest, key); });
    if (known != kept.end())
        kept.splice(kept.begin(), kept, known);
    else
        kept.emplace_front(digest, key);
    if (kept.size() > kept_max) kept.pop_back();
    return kept.front().of(bytes);
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string sha256(std::string_view bytes) {
    // Kept by each thread, as keyed HMACs are: OpenSSL 3 looks an algorithm up by its name each
    // time.
    thread_local const Owned<EVP_MD> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    thread_local const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    if (EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), data(digest), &size) != 1)
        throw std::runtime_error("OpenSSL cannot compute a SHA-256");
    digest.resize(size);
    return digest;
}

struct RunningSha256::Context {
    Owned<EVP_MD_CTX> owned{EVP_MD_CTX_new()};
};

RunningSha256::RunningSha256() : context_(std::make_unique<Context>()) {
    if (EVP_DigestInit_ex2(context_->owned.get(), EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute a SHA-256");
}

RunningSha256::~RunningSha256() = default;

void RunningSha256::add(std::string_view bytes) {
    if (EVP_DigestUpdate(context_->owned.get(), bytes.data(), bytes.size()) != 1)
        throw std::runtime_error("OpenSSL cannot compute a SHA-256");
}

std::string RunningSha256::taken() {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    if (EVP_DigestFinal_ex(context_->owned.get(), data(digest), &size) != 1)
        throw std::runtime_error("OpenSSL cannot compute a SHA-256");
    digest.resize(size);
    return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    return hmac("SHA256", key, bytes);
}

std::string hmac_sha384(std::string_view key, std::string_view bytes) {
    return hmac("SHA384", key, bytes);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(bytes.size() * 2, '\0');
    auto* next = text.data();
    for (char c : bytes) {
        *next++ = digits[byte(c) >> 4];
        *next++ = digits[byte(c) & 15];
    }
    return text;
}

std::optional<std::string> unhex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::string base64(std::string_view bytes) {
    auto text = encode(bytes, standard_alphabet);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<std::string> unbase64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    return decode(text, standard_values);
}

std::string base64url(std::string_view bytes) { return encode(bytes, url_alphabet); }

std::optional<std::string> unbase64url(std::string_view text) { return decode(text, url_values); }

std::string seal(std::string_view key, std::string_view plain, std::string_view about) {
    auto sealed = random_bytes(nonce_bytes);
    const Owned<EVP_CIPHER_CTX> context{EVP_CIPHER_CTX_new()};
    std::string hidden(plain.size(), '\0'), tag(tag_bytes, '\0');
    int size = 0;
    const bool done =
        key.size() == seal_key_bytes && context &&
        EVP_EncryptInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, data(key), data(std::string_view{sealed})
        ) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &size, data(about), length(about)) == 1 &&
        EVP_EncryptUpdate(context.get(), data(hidden), &size, data(plain), length(plain)) == 1 &&
        EVP_EncryptFinal_ex(context.get(), data(hidden) + size, &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag.data()) == 1;
    if (!done) throw std::runtime_error("OpenSSL cannot encrypt");
    return sealed.append(hidden).append(tag);
}

std::optional<std::string> unseal(
    std::string_view key, std::string_view sealed, std::string_view about
) {
    if (key.size() != seal_key_bytes || sealed.size() < nonce_bytes + tag_bytes) return {};
    const auto hidden = sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
    std::string tag{sealed.substr(sealed.size() - tag_bytes)}, plain(hidden.size(), '\0');
    const Owned<EVP_CIPHER_CTX> context{EVP_CIPHER_CTX_new()};
    int size = 0;
    const bool done =
        context &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, data(key), data(sealed)) ==
            1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &size, data(about), length(about)) == 1 &&
        EVP_DecryptUpdate(context.get(), data(plain), &size, data(hidden), length(hidden)) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), data(plain) + size, &size) == 1;
    if (!done) return {};
    return plain;
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(data(bytes), static_cast<int>(count)) != 1)
        throw std::runtime_error("OpenSSL has no randomness");
    return bytes;
}

std::string random_hex(std::size_t bytes) { return hex(random_bytes(bytes)); }

}  // namespace payments::crypto
