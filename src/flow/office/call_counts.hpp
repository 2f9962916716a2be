#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

// How many calls to somebody outside took how long: what replicas note of themselves and add up
// (docs/operations.md, "Is it well?"). Values; any thread.
namespace payments {

// Times are counted by these bounds, in seconds: from half a millisecond, what our own share of a
// request may be (docs/performance.md), to the 30 s in which a client must take an answer
// (docs/design.md, 2.7).
inline constexpr std::array call_seconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                         0.25,   0.5,   1.0,    2.5,   5.0,  10.0,  30.0};

struct CallCounts {
    std::int64_t calls = 0;
    std::int64_t unanswered = 0;  // not reached, or no answer in time
    // Calls that took at most call_seconds[i], and longer than the bound before it; the last holds
    // those that took longer than all.
    std::array<std::int64_t, call_seconds.size() + 1> by_time{};

    CallCounts& operator+=(const CallCounts& more);
    CallCounts& operator-=(const CallCounts& less);
    friend bool operator==(const CallCounts&, const CallCounts&) = default;
};

// In how much time `percent` of the calls had ended, as near as the bounds tell, at least 1 ms;
// nothing without a call.
std::optional<std::chrono::milliseconds> time_of(const CallCounts& counts, int percent);

struct OutsideCalls {
    std::string outside;  // "simplepay", "stripe", "tickets"
    CallCounts counts{};
};

}  // namespace payments
