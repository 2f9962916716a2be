#include "flow/tell_others.hpp"

#include "flow/poll.hpp"
#include "flow/side_by_side.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr int told_at_once = 16;

// A receiver that is down fails every event many times: only the first failure of each is worth a
// line of its own.
void note(const OutgoingEvent& event, const Settlement& settlement) {
    const auto name = event.name().text();
    if (settlement.kind == Settlement::Kind::dead)
        log::error(
            "an event was given up: nobody was told", "event", name, "type", event.type,
            "transaction_id", event.transaction_id, "reason", settlement.why
        );
    else if (settlement.kind == Settlement::Kind::failed && event.tries == 0)
        log::warning(
            "an event was not taken and will be sent again", "event", name, "type", event.type,
            "transaction_id", event.transaction_id, "reason", settlement.why
        );
}

Task<void> deliver(World& world, OutgoingEvent event) {
    const auto delivery = co_await world.subscriber->deliver(event);
    const auto settlement = settle(event, delivery, world.clock.now());
    co_await world.store.settle_event(event, settlement);
    if (world.told) world.told(settlement.kind);
    note(event, settlement);
}

Task<std::chrono::milliseconds> deliver_round(World& world) {
    const auto delivered = co_await deliver_due(world);
    // The next event of a transaction may be free now that its predecessor is settled.
    co_return delivered > 0 ? 0ms : poll_interval;
}

}  // namespace

Task<std::size_t> deliver_due(World& world) {
    auto due = co_await world.store.claim_events(world.clock.now(), told_at_once);
    std::vector<Task<void>> telling;
    for (auto& event : due) telling.push_back(deliver(world, std::move(event)));
    co_await side_by_side(std::move(telling));
    co_return due.size();
}

Task<void> keep_telling(World& world) { return poll(world, "telling others", deliver_round); }

}  // namespace payments
