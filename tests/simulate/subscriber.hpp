#pragma once

#include <set>

#include "simulate/wire.hpp"

namespace payments::simulate {

// The receiver of outgoing events. It takes an event, refuses it or is away; its answer may be
// lost, and then the event is delivered again.
class SimSubscriber final : public Subscriber {
public:
    explicit SimSubscriber(Stage& stage) : stage_(stage) {}

    Task<DeliveryAttempt> deliver(OutgoingEvent event) override;
    // Nobody matches by himself in a simulated world.
    Task<DeliveryAttempt> deliver_settlement(SettlementEvent) override {
        co_return DeliveryAttempt::done();
    }
    // Nobody in the simulation tries how it is.
    Task<DeliveryAttempt> deliver_test(TestEvent) override { co_return DeliveryAttempt::done(); }

    bool has_heard(std::int64_t number) const { return heard_.contains(number); }

private:
    void hear(const OutgoingEvent& event);

    Stage& stage_;
    std::set<std::int64_t> heard_;
    std::map<std::int64_t, std::int64_t> last_of_;  // event, by transaction
};

}  // namespace payments::simulate
