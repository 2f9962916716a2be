#include "flow/console/forget_sessions.hpp"

#include "flow/poll.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

Task<std::chrono::milliseconds> forget_round(
    FlowContext& context, SessionStore& store, std::chrono::minutes idle
) {
    const auto now = context.clock.now();
    co_await store.forget_sessions(now, now - idle);
    co_return 1min;
}

}  // namespace

Task<void> keep_forgetting_sessions(
    FlowContext& context, SessionStore& store, std::chrono::minutes idle
) {
    Round round = [&store, idle](FlowContext& here) { return forget_round(here, store, idle); };
    return poll(context, "forgetting sessions", std::move(round), 1min);
}

}  // namespace payments
