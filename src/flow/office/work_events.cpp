#include "flow/office/work_events.hpp"

#include <algorithm>

#include "flow/office/sight.hpp"
#include "flow/settlement/settlements.hpp"

namespace payments {
namespace {

// So many are changed in one commit.
constexpr std::size_t changed_together_max = 200;

bool is_changed_by(const EventsOrder& order, const OutgoingEvent& event) {
    const bool is_waiting = !event.delivered_at && !event.dead_at;
    if (!order.skips) return !is_waiting;
    return is_waiting || (!event.delivered_at && !event.skipped);
}

NewAction action_of(
    const EventsOrder& order, const std::string& type, std::optional<std::int64_t> transaction_id,
    std::string id, Time now
) {
    const auto kind = order.skips ? ActionKind::skip : ActionKind::replay;
    ActionDetails details{{"type", type}};
    if (!order.note.empty()) details.emplace("note", order.note);
    return {kind, order.by, now, transaction_id, std::move(details), std::move(id)};
}

EventsChange change_of(
    const EventsOrder& order, const std::vector<OutgoingEvent>& found, Time now
) {
    EventsChange change;
    change.skips = order.skips;
    change.now = now;
    for (const auto& event : found) {
        if (!is_changed_by(order, event)) continue;
        change.ids.push_back(event.id());
        change.actions.push_back(
            action_of(order, event.type, event.transaction_id, event.id().text(), now)
        );
    }
    return change;
}

Task<std::int64_t> change_of_payments(
    FlowContext& context, Privileges caller, const EventsOrder& order
) {
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

// Of those that were found, whatever became of them since.
SettlementEventsChange change_of_found(
    const EventsOrder& order, const std::vector<SettlementEvent>& found, Time now
) {
    SettlementEventsChange change;
    change.skips = order.skips;
    change.now = now;
    for (const auto& event : found) {
        change.numbers.push_back(event.number);
        change.actions.push_back(action_of(order, event.type, {}, event.id().text(), now));
    }
    return change;
}

Task<std::int64_t> change_of_settlements(FlowContext& context, const EventsOrder& order) {
    const auto now = context.clock.now();
    std::vector<SettlementEvent> named;
    for (const auto& id : order.settlement_ids) {
        SettlementEventsQuery query;
        query.id = id;
        for (auto& event : co_await context.settlements->find_events(query))
            named.push_back(std::move(event));
    }
    if (!order.all_dead) {
        auto change = change_of_found(order, named, now);
        co_return co_await context.settlements->change_events(std::move(change));
    }
    std::int64_t changed = 0;
    SettlementEventsQuery query;
    query.state = EventState::dead;
    while (true) {
        const auto found = co_await context.settlements->find_events(query);
        if (found.empty()) co_return changed;
        query.after = found.back().number;
        auto change = change_of_found(order, found, now);
        changed += co_await context.settlements->change_events(std::move(change));
    }
}

}  // namespace

Task<std::int64_t> change_events(FlowContext& context, Privileges caller, EventsOrder order) {
    std::int64_t changed = 0;
    const bool may_settlements = context.settlements != nullptr && may_see_every_ticket(caller);
    if (may_settlements && (order.all_dead || !order.settlement_ids.empty()))
        changed += co_await change_of_settlements(context, order);
    if (order.all_dead || !order.ids.empty())
        changed += co_await change_of_payments(context, std::move(caller), order);
    co_return changed;
}

}  // namespace payments
