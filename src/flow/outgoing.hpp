#pragma once

#include "flow/task.hpp"
#include "payment/outgoing.hpp"

// Telling others, as the story needs it of the world.
namespace payments {

enum class EventState : std::uint8_t { waiting, delivered, dead, skipped };

// Which events; what is not set does not matter.
struct EventFilter {
    std::optional<EventState> state{};
    std::optional<EventId> id{};
    std::optional<std::int64_t> transaction_id{};
    std::optional<Time> since{};   // of the change, inclusive
    std::optional<Time> before{};  // exclusive
};

// How much is left to tell.
struct Backlog {
    std::int64_t waiting = 0;
    std::int64_t dead = 0;
    std::optional<Time> oldest_waiting_at{};
};

// Whoever is told.
struct Subscriber {
    virtual ~Subscriber() = default;
    // Within a minute. Throws nothing that a receiver can cause.
    virtual Task<DeliveryAttempt> deliver(OutgoingEvent event) = 0;
};

}  // namespace payments
