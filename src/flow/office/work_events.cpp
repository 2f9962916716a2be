#include "flow/office/work_events.hpp"

#include <algorithm>

#include "flow/office/sight.hpp"

namespace payments {
namespace {

// So many are changed in one commit.
constexpr std::size_t changed_together_max = 200;

bool is_changed_by(const EventsOrder& order, const OutgoingEvent& event) {
    const bool is_waiting = !event.delivered_at && !event.dead_at;
    if (!order.skips) return !is_waiting;
    return is_waiting || (!event.delivered_at && !event.skipped);
}

EventsChange change_of(
    const EventsOrder& order, const std::vector<OutgoingEvent>& found, Time now
) {
    EventsChange change;
    change.skips = order.skips;
    change.now = now;
    const auto kind = order.skips ? ActionKind::skip : ActionKind::replay;
    for (const auto& event : found) {
        if (!is_changed_by(order, event)) continue;
        ActionDetails details{{"type", event.type}};
        if (!order.note.empty()) details.emplace("note", order.note);
        change.ids.push_back(event.id());
        change.actions.emplace_back(
            kind, order.by, now, event.transaction_id, std::move(details), event.id().text()
        );
    }
    return change;
}

}  // namespace

Task<std::int64_t> change_events(FlowContext& context, Privileges caller, EventsOrder order) {
    EventsQuery query;
    query.sight = co_await sight_of(context, std::move(caller));
    query.ids = order.ids;
    query.limit = changed_together_max;
    if (order.all_dead) query.state = EventState::dead;
    std::int64_t changed = 0;
    while (true) {
        const auto page = co_await context.office->find_events(query);
        auto change = change_of(order, page.list, context.clock.now());
        if (!change.ids.empty())
            changed += co_await context.office->change_events(std::move(change));
        if (page.is_end || page.list.empty()) co_return changed;
        query.after = page.list.back().number;
    }
}

}  // namespace payments
