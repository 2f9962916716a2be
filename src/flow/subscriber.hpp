#pragma once

#include "flow/task.hpp"
#include "payment/outgoing.hpp"

// The port to whoever is told of payments, and the filters of the outbox.
namespace payments {

enum class EventState : std::uint8_t { waiting, delivered, dead, skipped };

// Which events; what is not set does not filter.
struct EventFilter {
    std::optional<EventState> state{};
    std::optional<EventId> id{};
    std::optional<std::int64_t> transaction_id{};
    std::optional<Time> since{};   // of the change, inclusive
    std::optional<Time> before{};  // exclusive
};

// How much of the outbox is not delivered.
struct Backlog {
    std::int64_t waiting = 0;
    std::int64_t dead = 0;
    std::optional<Time> oldest_waiting_at{};
};

// One that is about nothing, by which somebody sees whether the receiver takes events.
struct TestEvent {
    std::string id;  // "evt_test_..."
    Time at;

    TestEvent(std::string i, Time t) : id(std::move(i)), at(t) {}
};

// A receiver of outgoing events.
struct Subscriber {
    virtual ~Subscriber() = default;
    // Ends within a minute, which is half of the event's lease. Whatever the receiver does is in
    // the result; throws only std::runtime_error (OpenSSL) and std::bad_alloc. On the loop it
    // belongs to.
    virtual Task<DeliveryAttempt> deliver(OutgoingEvent event) = 0;
    // The same of one that is in no outbox.
    virtual Task<DeliveryAttempt> deliver_test(TestEvent event) = 0;
};

}  // namespace payments
