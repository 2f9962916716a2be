#include "payment/checks.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace payments {
namespace {

using namespace std::chrono_literals;

// How long to wait after so many checks in vain; the last one repeats.
constexpr std::array<std::chrono::seconds, 10> after_unknown{2s,  5s,   10s,   20s,   40s,
                                                             60s, 5min, 15min, 60min, 60min};
constexpr std::array<std::chrono::seconds, 4> while_pending{1min, 5min, 15min, 60min};
// A visitor waits for it, and one query asks about 50 (docs/design.md, 3.6).
constexpr auto while_claimed = 3s;
// For as long as both providers send their notifications again (docs/providers/simplepay.md, 7.5;
// docs/providers/stripe.md, 9.3).
constexpr auto after_deadline = std::chrono::days{3};

// A notification said paid, and what was heard since contradicts it: perhaps the provider was asked
// too early. Whether money was taken is not known yet, so it is checked further.
bool is_claim_open(const Facts& facts) {
    return status(facts) == Status::review && facts.claimed && facts.captures_minor.empty();
}

std::chrono::seconds wait(std::span<const std::chrono::seconds> waits, int checks) {
    return waits[std::min(static_cast<std::size_t>(std::max(checks, 0)), waits.size() - 1)];
}

}  // namespace

std::optional<Time> next_check(
    const Transaction& transaction, const Facts& facts, int checks, Time now
) {
    const auto standing = status(facts);
    // First, also of a payment that is over: its refund holds money until its outcome is known.
    if (reserved_minor(facts) > 0) return now + wait(after_unknown, checks);
    const bool is_over = now > transaction.expires_at + after_deadline;
    if (is_claim_open(facts) && !is_over) return now + wait(after_unknown, checks);
    if (is_unrefunded_duplicate(facts) && !is_over) return now + wait(while_pending, checks);
    if (is_final(standing)) return {};
    // Without an end: a signed notice says that money was taken.
    if (facts.claimed) return now + while_claimed;
    if (is_over) return {};

    const bool unheard = standing == Status::created || standing == Status::unknown;
    return now + (unheard ? wait(after_unknown, checks) : wait(while_pending, checks));
}

}  // namespace payments
