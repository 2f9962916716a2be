#include "flow/settlement/keep_matching.hpp"

#include "flow/poll.hpp"
#include "flow/settlement/match_settlements.hpp"
#include "flow/settlement/tell_settlements.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr auto looks_every = 1min;
constexpr auto matches_every = 1h;  // delays pass also when nothing comes
// Longer than matching takes. Should it take longer, another replica does the same once more, which
// changes nothing; when the one that matches dies, another begins after it.
constexpr auto lease = 10min;

bool is_due(const MatchResult& result, Time now) {
    if (!result.newest_file_at) return false;
    if (!result.matched_at || now - *result.matched_at >= matches_every) return true;
    return result.newest_file_at > result.matched_at ||
           result.newest_decision_at > result.matched_at;
}

Task<std::chrono::milliseconds> match_round(FlowContext& context) {
    const auto now = context.clock.now();
    const auto result = co_await context.settlements->newest_result();
    const bool is_ours = is_due(result, now) &&
                         co_await context.settlements->claim_matching(now, now + lease);
    if (is_ours) {
        const auto report = co_await match_and_note(context.store, *context.settlements, now);
        if (context.subscriber != nullptr)
            co_await note_settlement_events(context, report, now);
    }
    if (context.subscriber != nullptr) co_await tell_settlements(context);
    co_return looks_every;
}

}  // namespace

Task<void> keep_matching(FlowContext& context) {
    return poll(context, "matching settlements", match_round);
}

}  // namespace payments
