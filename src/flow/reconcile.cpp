#include "flow/reconcile.hpp"

#include "flow/check_attempt.hpp"
#include "flow/poll.hpp"
#include "flow/retry_unmatched.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr int claimed_at_once = 50;  // SimplePay answers for no more in one call
constexpr auto keys_kept = 24h;

Task<std::chrono::milliseconds> reconcile_round(FlowContext& world) {
    const auto asked = co_await reconcile_due(world);
    co_await retry_unmatched(world);
    co_return asked == claimed_at_once ? 0ms : poll_interval;  // a full claim: more may be due
}

Task<std::chrono::milliseconds> forget_round(FlowContext& world) {
    co_await world.store.forget_keys(world.clock.now() - keys_kept);
    co_return 1h;
}

}  // namespace

Task<std::size_t> reconcile_due(FlowContext& world) {
    auto due = co_await world.store.claim_due(world.clock.now(), claimed_at_once);
    const auto asked = co_await check_attempts(world, std::move(due));
    co_return asked.size();
}

Task<void> keep_reconciling(FlowContext& world) {
    return poll(world, "reconciling", reconcile_round);
}

Task<void> keep_tidy(FlowContext& world) { return poll(world, "tidying", forget_round, 1h); }

}  // namespace payments
