#include "storage/rules/claims.hpp"

#include <algorithm>

namespace payments::ledger {

using namespace std::chrono_literals;

void reschedule_check(AttemptRow& attempt, Time now) {
    ++attempt.checks;
    const auto facts = facts_of(attempt.transaction);
    const auto otherwise = now + std::chrono::minutes{1 << std::min(attempt.checks - 1, 6)};
    attempt.check_at =
        next_check(attempt.transaction, facts, attempt.checks, now).value_or(otherwise);
}

std::optional<Time> next_try(int tries, Time now) {
    constexpr std::chrono::minutes waits[] = {1min, 5min, 60min, 24h, 24h, 24h};
    if (tries >= static_cast<int>(std::size(waits))) return {};
    return now + waits[tries];
}

Time event_lease_end(Time now) { return now + 2min; }

}  // namespace payments::ledger
