#include "storage/rules/claims.hpp"

#include <algorithm>

#include "payment/checks.hpp"

namespace payments::ledger {

using namespace std::chrono_literals;

std::string names_of(const std::vector<ProviderAccount>& accounts) {
    std::string names;
    for (const auto& [processor, account] : accounts)
        names += " " + std::string{name(processor)} + "/" + account + " ";
    return names;
}

void reschedule_check(AttemptRow& attempt, Time now, CheckLeases leases) {
    ++attempt.checks;
    const auto facts = facts_of(attempt.transaction);
    const auto otherwise = now + std::chrono::minutes{1 << std::min(attempt.checks - 1, 6)};
    const auto planned = next_check(attempt.transaction, facts, attempt.checks, now);
    const auto lease = leases.of(attempt.transaction.code.processor);
    attempt.check_at = std::max(planned.value_or(otherwise), now + lease);
}

std::optional<Time> next_try(int tries, Time now) {
    constexpr std::chrono::minutes waits[] = {1min, 5min, 60min, 24h, 24h, 24h};
    if (tries >= static_cast<int>(std::size(waits))) return {};
    return now + waits[tries];
}

Time event_lease_end(Time now) { return now + 2min; }

}  // namespace payments::ledger
