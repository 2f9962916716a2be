#include "flow/reconcile.hpp"

#include "flow/check_attempt.hpp"
#include "flow/poll.hpp"
#include "flow/retry_unmatched.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr int claimed_at_once = 50;  // SimplePay answers for no more in one call
constexpr auto keys_kept = 24h;

Task<std::chrono::milliseconds> reconcile_round(FlowContext& context) {
    const auto asked = co_await reconcile_due(context);
    co_await retry_unmatched(context);
    co_return asked == claimed_at_once ? 0ms : poll_interval;  // a full claim: more may be due
}

Task<std::chrono::milliseconds> forget_round(FlowContext& context) {
    co_await context.store.forget_keys(context.clock.now() - keys_kept);
    co_return 1h;
}

}  // namespace

Task<std::size_t> reconcile_due(FlowContext& context) {
    auto due = co_await context.store.claim_due(context.clock.now(), claimed_at_once);
    const auto asked = co_await check_attempts(context, std::move(due));
    co_return asked.size();
}

Task<void> keep_reconciling(FlowContext& context) {
    return poll(context, "reconciling", reconcile_round);
}

Task<void> keep_tidy(FlowContext& context) { return poll(context, "tidying", forget_round, 1h); }

}  // namespace payments
