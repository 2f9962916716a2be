#pragma once

#include <chrono>
#include <cstdint>

namespace payments::simulate {

// All chance of one simulated world comes from here, so a seed is a world (splitmix64).
class Random {
public:
    // Neighbouring seeds must not be neighbouring places of one sequence.
    explicit Random(std::uint64_t seed) : state_(mixed(seed ^ 0x632BE59BD9B4E019U)) {}

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        return mixed(state_);
    }
    // 0 to `n` - 1.
    int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
    int between(int low, int high) { return low + below(high - low + 1); }
    bool percent(int p) { return below(100) < p; }
    // Evenly over the logarithm: short times are as likely as long ones.
    std::chrono::milliseconds about(std::chrono::milliseconds low, std::chrono::milliseconds high) {
        auto most = low;
        while (most < high && percent(60)) most *= 2;
        most = most < high ? most : high;
        return low + std::chrono::milliseconds{static_cast<std::int64_t>(
                         next() % static_cast<std::uint64_t>((most - low).count() + 1)
                     )};
    }

private:
    static std::uint64_t mixed(std::uint64_t z) {
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    std::uint64_t state_;
};

}  // namespace payments::simulate
