#include "flow/reconcile.hpp"

#include "flow/ask_provider.hpp"
#include "flow/retry_unmatched.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr int claimed_at_once = 50;  // SimplePay answers for no more in one call
constexpr auto glance = 200ms;       // how soon a check that fell due meanwhile is seen
constexpr auto after_failure = 5s;
constexpr auto keys_kept = 24h;

}  // namespace

Task<std::size_t> reconcile_due(World& world) {
    auto due = co_await world.store.claim_due(world.clock.now(), claimed_at_once);
    const auto asked = co_await ask_providers(world, std::move(due));
    co_return asked.size();
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
