#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace payments::sandbox {

// Salts, ids and tokens from one seed, so that a run can be repeated.
class Random {
public:
    explicit Random(std::uint64_t seed) : seed_(seed), engine_(seed) {}

    std::uint64_t seed() const { return seed_; }
    std::string letters_and_digits(std::size_t count) {
        constexpr std::string_view alphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        std::string text;
        while (text.size() < count) text += alphabet[engine_() % alphabet.size()];
        return text;
    }

private:
    std::uint64_t seed_;
    std::mt19937_64 engine_;
};

}  // namespace payments::sandbox
