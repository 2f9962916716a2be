#include "http/random_id.hpp"

#include <random>

#include "support/crypto.hpp"

namespace payments::http {
namespace {

std::mt19937_64 seeded() {
    const auto bytes = crypto::random_bytes(64);
    std::seed_seq seed(bytes.begin(), bytes.end());
    return std::mt19937_64(seed);
}

}  // namespace

std::string random_id(std::size_t digits) {
    static constexpr char hex[] = "0123456789abcdef";
    constexpr std::size_t digits_per_draw = 16;
    thread_local auto random = seeded();
    std::string id(digits, '0');
    for (std::size_t i = 0; i < digits;) {
        auto bits = random();
        for (std::size_t n = 0; n < digits_per_draw && i < digits; ++n, ++i, bits >>= 4)
            id[i] = hex[bits & 0xf];
    }
    return id;
}

}  // namespace payments::http
