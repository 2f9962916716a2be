#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// What the receiver of events did with one that is about nothing.
struct TestedReceiver {
    std::string event_id;
    DeliveryAttempt attempt{};
    std::chrono::milliseconds took{};
};

// Sends the receiver of events one of the type "test" (docs/design.md, 3.12), signed as all are, at
// once and once: it is no part of the outbox. Who asks is on record before it is sent.
// Errc::no_receiver where nobody is told. Throws as a Store does. On the loop of `context`.
Task<Result<TestedReceiver>> send_test_event(FlowContext& context, Actor by);

}  // namespace payments
