#include "flow/settlement/tell_settlements.hpp"

#include "support/log.hpp"

namespace payments {
namespace {

constexpr int delivery_batch_max = 16;

Task<void> deliver(FlowContext& context, SettlementEvent event) {
    const auto delivery = co_await context.subscriber->deliver_settlement(event);
    auto outcome = outcome_of_attempt(event.tries, delivery, context.clock.now());
    if (context.on_delivery) context.on_delivery(outcome.kind);
    if (outcome.kind == DeliveryOutcome::Kind::dead)
        log::error(
            "an event was given up: nobody was told", "event", event.id().text(), "type",
            event.type, "reason", outcome.reason
        );
    else if (outcome.kind == DeliveryOutcome::Kind::failed && event.tries == 0)
        log::warning(
            "an event was not taken and will be sent again", "event", event.id().text(), "type",
            event.type, "reason", outcome.reason
        );
    co_await context.settlements->record_delivery(std::move(event), std::move(outcome));
}

}  // namespace

Task<void> note_settlement_events(
    FlowContext& context, const settlement::Report& report, Time now
) {
    auto told = settlement::told_in(report);
    co_await context.settlements->note_told(std::move(told), now);
}

Task<void> tell_settlements(FlowContext& context) {
    for (;;) {
        auto due =
            co_await context.settlements->claim_events(context.clock.now(), delivery_batch_max);
        if (due.empty()) co_return;
        for (auto& event : due) co_await deliver(context, std::move(event));
    }
}

}  // namespace payments
