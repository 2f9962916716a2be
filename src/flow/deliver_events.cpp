#include "flow/deliver_events.hpp"

#include "flow/poll.hpp"
#include "flow/when_all.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr int delivery_batch_max = 16;

// A receiver that is down fails every event many times: only the first failure of each is worth a
// line of its own.
void note(const OutgoingEvent& event, const DeliveryOutcome& settlement) {
    const auto name = event.name().text();
    if (settlement.kind == DeliveryOutcome::Kind::dead)
        log::error(
            "an event was given up: nobody was told", "event", name, "type", event.type,
            "transaction_id", event.transaction_id, "reason", settlement.why
        );
    else if (settlement.kind == DeliveryOutcome::Kind::failed && event.tries == 0)
        log::warning(
            "an event was not taken and will be sent again", "event", name, "type", event.type,
            "transaction_id", event.transaction_id, "reason", settlement.why
        );
}

Task<void> deliver(FlowContext& world, OutgoingEvent event) {
    const auto delivery = co_await world.subscriber->deliver(event);
    const auto settlement = settle(event, delivery, world.clock.now());
    co_await world.store.record_delivery(event, settlement);
    if (world.told) world.told(settlement.kind);
    note(event, settlement);
}

Task<std::chrono::milliseconds> deliver_round(FlowContext& world) {
    const auto delivered = co_await deliver_due_events(world);
    // The next event of a transaction may be free now that its predecessor is settled.
    co_return delivered > 0 ? 0ms : poll_interval;
}

}  // namespace

Task<std::size_t> deliver_due_events(FlowContext& world) {
    auto due = co_await world.store.claim_events(world.clock.now(), delivery_batch_max);
    std::vector<Task<void>> telling;
    for (auto& event : due) telling.push_back(deliver(world, std::move(event)));
    co_await when_all(std::move(telling));
    co_return due.size();
}

Task<void> keep_delivering(FlowContext& world) {
    return poll(world, "telling others", deliver_round);
}

}  // namespace payments
