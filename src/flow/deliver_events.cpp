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
void note(const OutgoingEvent& event, const DeliveryOutcome& outcome) {
    const auto name = event.id().text();
    if (outcome.kind == DeliveryOutcome::Kind::dead)
        log::error(
            "an event was given up: nobody was told", "event", name, "type", event.type,
            "transaction_id", event.transaction_id, "reason", outcome.reason
        );
    else if (outcome.kind == DeliveryOutcome::Kind::failed && event.tries == 0)
        log::warning(
            "an event was not taken and will be sent again", "event", name, "type", event.type,
            "transaction_id", event.transaction_id, "reason", outcome.reason
        );
}

Task<void> deliver(FlowContext& context, OutgoingEvent event) {
    const auto delivery = co_await context.subscriber->deliver(event);
    const auto outcome = outcome_of_attempt(event, delivery, context.clock.now());
    co_await context.store.record_delivery(event, outcome);
    if (context.on_delivery) context.on_delivery(outcome.kind);
    note(event, outcome);
}

Task<std::chrono::milliseconds> deliver_round(FlowContext& context) {
    const auto delivered = co_await deliver_due_events(context);
    // The next event of a transaction can be claimed once the one before it is delivered or dead.
    co_return delivered > 0 ? 0ms : poll_interval;
}

}  // namespace

Task<std::size_t> deliver_due_events(FlowContext& context) {
    auto due = co_await context.store.claim_events(context.clock.now(), delivery_batch_max);
    std::vector<Task<void>> telling;
    for (auto& event : due) telling.push_back(deliver(context, std::move(event)));
    co_await when_all(std::move(telling));
    co_return due.size();
}

Task<void> keep_delivering(FlowContext& context) {
    return poll(context, "telling others", deliver_round);
}

}  // namespace payments
