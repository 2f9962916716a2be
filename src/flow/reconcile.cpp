#include "flow/reconcile.hpp"

#include "flow/ask_provider.hpp"
#include "flow/retry_unmatched.hpp"
#include "flow/side_by_side.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr int claimed_at_once = 50;  // SimplePay answers for no more in one call
constexpr auto glance = 200ms;       // how soon a check that fell due meanwhile is seen
constexpr auto after_failure = 5s;
constexpr auto keys_kept = 24h;

Task<void> hear_about(World& world, std::vector<Transaction> attempts) {
    if (!attempts.empty()) co_await ask_provider_about(world, std::move(attempts));
}

}  // namespace

Task<std::size_t> reconcile_due(World& world) {
    auto due = co_await world.store.claim_due(world.clock.now(), claimed_at_once);
    std::vector<Transaction> of_simplepay, of_stripe;
    for (auto& attempt : due) {
        auto& of_processor =
            attempt.code.processor == Processor::simplepay ? of_simplepay : of_stripe;
        of_processor.push_back(std::move(attempt));
    }
    // A provider that is silent, or a failure, must not delay the other's answers.
    std::vector<Task<void>> both;
    both.push_back(hear_about(world, std::move(of_simplepay)));
    both.push_back(hear_about(world, std::move(of_stripe)));
    co_await side_by_side(std::move(both));
    co_return due.size();
}

// Nothing that breaks in one round may end the rounds.
Task<void> keep_reconciling(World& world) {
    while (true) {
        auto pause = std::chrono::milliseconds{glance};
        try {
            const auto asked = co_await reconcile_due(world);
            co_await retry_unmatched(world);
            if (asked == claimed_at_once) continue;
        } catch (const std::exception& broken) {
            log::error("reconciling is put off", "reason", broken.what());
            pause = after_failure;
        }
        co_await world.clock.sleep_until(world.clock.now() + pause);
    }
}

Task<void> keep_tidy(World& world) {
    while (true) {
        try {
            co_await world.store.forget_keys(world.clock.now() - keys_kept);
        } catch (const std::exception& broken) {
            log::error("tidying is put off", "reason", broken.what());
        }
        co_await world.clock.sleep_until(world.clock.now() + 1h);
    }
}

}  // namespace payments
