#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace payments::http {

// `count` per `period` in the long run, and up to `burst` at once; count 0 is no limit.
struct Rate {
    int count = 0;
    std::chrono::milliseconds period{1000};
    int burst = 1;
};

// Token buckets for any number of keys in a fixed piece of memory (docs/design.md, 2.9), used by
// all event loops without a lock: each key falls, by a keyed hash, into one of 2^16 slots that hold
// one atomic time (the generic cell rate algorithm). Two keys in one slot share its limit, which is
// rare and errs on the strict side; a table that grew with its keys could be filled by an attacker.
// The system gives pages of it as they are written to, so that what hardly anybody uses costs
// little.
class RateLimiter {
public:
    // Throws std::runtime_error when OpenSSL has no randomness for the secret.
    explicit RateLimiter(Rate rate);

    // Takes a token. 0 when the call may pass, else the seconds to wait, at least 1. `now` is
    // steady (Clock::steady): a clock set back an hour must not keep everybody out for an hour. On
    // any thread.
    int seconds_to_wait(std::string_view key, std::chrono::milliseconds now);
    // The same without taking one: for what turns out only later to have cost one.
    int seconds_until_free(std::string_view key, std::chrono::milliseconds now) const;

private:
    static constexpr std::size_t slots = 1 << 16;

    struct Free {
        void operator()(void* memory) const { std::free(memory); }
    };

    std::int64_t& slot_of(std::string_view key) const;
    int wait_s(std::int64_t next_full_at_us, std::int64_t now_us) const;

    const std::int64_t one_us_;  // in which a bucket gets one token back
    const int burst_;
    std::array<std::uint64_t, 2> secret_;
    std::unique_ptr<std::int64_t[], Free> full_at_us_;  // when the slot's bucket is full again
};

}  // namespace payments::http
