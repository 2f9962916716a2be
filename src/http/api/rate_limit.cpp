#include "http/api/rate_limit.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

#include "support/crypto.hpp"

namespace payments::http {
namespace {

// FNV-1a over the key, begun and finished with a secret so that nobody can aim at another's slot.
std::uint64_t keyed_hash(std::string_view key, const std::array<std::uint64_t, 2>& secret) {
    std::uint64_t hash = 0xcbf29ce484222325 ^ secret[0];
    for (const unsigned char c : key) hash = (hash ^ c) * 0x100000001b3;
    hash = (hash ^ secret[1]) * 0x9e3779b97f4a7c15;
    return hash ^ (hash >> 32);
}

std::int64_t* zeros(std::size_t count) {
    auto* memory = static_cast<std::int64_t*>(std::calloc(count, sizeof(std::int64_t)));
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}

}  // namespace

// Without a limit the half MiB of slots is not made.
RateLimiter::RateLimiter(Rate rate)
    : one_us_(rate.count > 0 ? std::chrono::microseconds{rate.period}.count() / rate.count : 0),
      burst_(std::max(rate.burst, 1)),
      full_at_us_(rate.count > 0 ? zeros(slots) : nullptr) {
    const auto random = crypto::random_bytes(sizeof secret_);
    std::memcpy(secret_.data(), random.data(), sizeof secret_);
}

// A slot holds when its bucket is full again; a token taken now moves that on by `one_us_`. The
// bucket is empty when that lies a whole burst ahead. Nothing else depends on the slot, so no order
// of memory is needed.
int RateLimiter::seconds_to_wait(std::string_view key, std::chrono::milliseconds now) {
    if (!full_at_us_) return 0;
    const std::int64_t now_us = std::chrono::microseconds{now}.count();
    const std::atomic_ref slot{slot_of(key)};
    auto full_at = slot.load(std::memory_order_relaxed);
    while (true) {
        const auto next = std::max(full_at, now_us) + one_us_;
        if (const int wait = wait_s(next, now_us); wait > 0) return wait;
        if (slot.compare_exchange_weak(full_at, next, std::memory_order_relaxed)) return 0;
    }
}

int RateLimiter::seconds_until_free(std::string_view key, std::chrono::milliseconds now) const {
    if (!full_at_us_) return 0;
    const std::int64_t now_us = std::chrono::microseconds{now}.count();
    const auto full_at = std::atomic_ref{slot_of(key)}.load(std::memory_order_relaxed);
    return wait_s(std::max(full_at, now_us) + one_us_, now_us);
}

std::int64_t& RateLimiter::slot_of(std::string_view key) const {
    return full_at_us_[keyed_hash(key, secret_) % slots];
}

// Rounded up: who comes back after that many seconds passes, unless others came before.
int RateLimiter::wait_s(std::int64_t next_full_at_us, std::int64_t now_us) const {
    const auto excess_us = next_full_at_us - now_us - one_us_ * burst_;
    return excess_us > 0 ? static_cast<int>((excess_us + 999'999) / 1'000'000) : 0;
}

}  // namespace payments::http
