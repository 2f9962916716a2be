#include "flow/console/forget_sessions.hpp"

#include "flow/poll.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr auto clocks_differ = 1h;

Task<std::chrono::milliseconds> forget_round(FlowContext& context, SessionStore& store) {
    const auto ended = context.clock.now() - clocks_differ;
    co_await store.forget_sessions(ended, ended - SessionStore::idle_max);
    co_return 10min;
}

}  // namespace

Task<void> keep_forgetting_sessions(FlowContext& context, SessionStore& store) {
    Round round = [&store](FlowContext& here) { return forget_round(here, store); };
    return poll(context, "forgetting sessions", std::move(round), 1min);
}

}  // namespace payments
