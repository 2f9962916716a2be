#include "simulate/subscriber.hpp"

namespace payments::simulate {

// Again is allowed, a new one before an older one of the same attempt is not.
void SimSubscriber::hear(const OutgoingEvent& event) {
    stage_.tell(
        "others hear of ", event.type, " ", event.number, " of TR", event.transaction_id,
        has_heard(event.number) ? ", again" : ""
    );
    if (!heard_.insert(event.number).second) return;
    auto& last = last_of_[event.transaction_id];
    if (event.number < last)
        stage_.violate("others hear of event " + std::to_string(event.number) + " too late");
    last = event.number;
}

Task<DeliveryAttempt> SimSubscriber::deliver(OutgoingEvent event) {
    Request request{{}, "event " + std::to_string(event.number), false};
    std::function<bool()> work = [this, event] {
        if (stage_.strikes(stage_.plan.refused_events)) return false;
        hear(event);
        return true;
    };
    auto heard = co_await call<bool>(&stage_, std::move(request), std::move(work));
    if (heard.outcome == Outcome::accepted && *heard.answer) co_return DeliveryAttempt::done();
    co_return DeliveryAttempt::failed("it was not taken");
}

}  // namespace payments::simulate
