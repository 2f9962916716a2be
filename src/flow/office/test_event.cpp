#include "flow/office/test_event.hpp"

namespace payments {

Task<Result<TestedReceiver>> send_test_event(FlowContext& context, Actor by) {
    if (context.subscriber == nullptr)
        co_return Error{Errc::no_receiver, "nobody is told: PAYMENTS_EVENTS_URL is not set"};
    const auto now = context.clock.now();
    // Unlike the id of an event about a payment, and another one each time: receivers drop what
    // they have had.
    TestedReceiver tested{"evt_test_" + std::to_string(now.time_since_epoch().count())};
    NewAction action{ActionKind::test_event, std::move(by), now, {}, {}, tested.event_id};
    const auto recorded = co_await context.store.record_action(std::move(action));
    if (!recorded) co_return recorded.error();
    const auto began = context.clock.steady();
    TestEvent event{tested.event_id, now};
    tested.attempt = co_await context.subscriber->deliver_test(std::move(event));
    tested.took = context.clock.steady() - began;
    co_return tested;
}

}  // namespace payments
