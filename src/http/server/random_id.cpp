#include "http/server/random_id.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

#include "support/crypto.hpp"

namespace payments::http {
namespace {

// 64 bytes from OpenSSL: two processes that start at once must not give the same ids.
std::mt19937_64 seeded() {
    const auto bytes = crypto::random_bytes(64);
    std::seed_seq seed(bytes.begin(), bytes.end());
    return std::mt19937_64(seed);
}

// The two digits of every byte, one after the other.
constexpr std::array<char, 512> hex_pairs() {
    constexpr char digits[] = "0123456789abcdef";
    std::array<char, 512> pairs{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
        pairs[2 * byte] = digits[byte >> 4];
        pairs[2 * byte + 1] = digits[byte & 0xf];
    }
    return pairs;
}
constexpr auto pairs = hex_pairs();

}  // namespace

void append_random_id(std::string& text, std::size_t digits) {
    thread_local auto random = seeded();
    std::array<char, 16> drawn;
    for (std::size_t left = digits; left > 0;) {
        auto bits = random();
        for (std::size_t i = 0; i < drawn.size(); i += 2, bits >>= 8)
            std::memcpy(drawn.data() + i, pairs.data() + 2 * (bits & 0xff), 2);
        const auto taken = std::min(left, drawn.size());
        text.append(drawn.data(), taken);
        left -= taken;
    }
}

std::string random_id(std::size_t digits) {
    std::string id;
    id.reserve(digits);
    append_random_id(id, digits);
    return id;
}

}  // namespace payments::http
