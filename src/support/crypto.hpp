#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// The few primitives that signatures and ids need, over OpenSSL. Byte strings are std::string. Pure
// functions for any thread; decoders return nothing for a text that is wrong. Throws
// std::runtime_error when OpenSSL fails, which it does without memory or entropy only.
//
// Each thread keeps the last eight keys of HMACs, prepared, for as long as it lives. Signatures are
// compared in constant time: else the time would tell how many of their first bytes are right.
namespace payments::crypto {

std::string sha256(std::string_view bytes);  // 32 bytes

// The same of bytes that come one after the other. For one thread.
class RunningSha256 {
public:
    RunningSha256();
    RunningSha256(const RunningSha256&) = delete;
    RunningSha256& operator=(const RunningSha256&) = delete;
    ~RunningSha256();
    void add(std::string_view bytes);
    std::string taken();  // once

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes
std::string hmac_sha384(std::string_view key, std::string_view bytes);  // 48 bytes
bool equal_in_constant_time(std::string_view a, std::string_view b);    // lengths may leak

std::string hex(std::string_view bytes);  // lower case
// Of either case: Stripe's signatures are taken in both (docs/providers/stripe.md, 9.2).
std::optional<std::string> unhex(std::string_view text);

std::string base64(std::string_view bytes);                     // standard alphabet, padded
std::optional<std::string> unbase64(std::string_view text);     // strict: padding, no white space
std::string base64url(std::string_view bytes);                  // RFC 4648 section 5, no padding
std::optional<std::string> unbase64url(std::string_view text);  // strict: no padding, no spare bits

inline constexpr std::size_t seal_key_bytes = 32;

// AES-256-GCM: the nonce, what was encrypted, the tag. `key` has 32 bytes; `about` is not hidden,
// and must be the same again for the seal to open. Nothing when it does not.
std::string seal(std::string_view key, std::string_view plain, std::string_view about);
std::optional<std::string> unseal(
    std::string_view key, std::string_view sealed, std::string_view about
);

std::string random_bytes(std::size_t count);  // from OpenSSL's CSPRNG
std::string random_hex(std::size_t bytes);    // twice as many characters

}  // namespace payments::crypto
