#pragma once

#include <vector>

#include "flow/task.hpp"
#include "payment/action.hpp"
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

// What became of a payout, or of what does not agree in settlements (docs/settlements.md, 12), and
// how far it was told.
struct SettlementEvent {
    std::int64_t number = 0;  // ascending in the order of what happened
    std::string type, data;   // "settlement.payout"; a JSON object
    Time at{};                // when it was found

    // As of OutgoingEvent.
    int tries = 0;
    Time next_at{};
    std::optional<Time> delivered_at{}, dead_at{};
    bool skipped = false;
    std::string last_error{};

    SettlementEventId id() const { return {number, at}; }
};

// Which of them; what is not set does not filter.
struct SettlementEventsQuery {
    std::optional<EventState> state{};
    std::optional<SettlementEventId> id{};
    std::optional<Time> since{}, before{};  // when it was found; `before` does not count itself
    std::optional<std::int64_t> after{};    // the number of the last one of an earlier page
    bool is_newest_first = false;
    int limit = 200;
};

// What somebody does with some of them: they are due again, unless they wait already; or nobody is
// to hear of them, unless they were told.
struct SettlementEventsChange {
    bool skips = false;
    Time now{};
    std::vector<std::int64_t> numbers{};
    // That tell of it: one for each of them, or none at all.
    std::vector<NewAction> actions{};
};

// A receiver of outgoing events.
struct Subscriber {
    virtual ~Subscriber() = default;
    // Ends within a minute, which is half of the event's lease. Whatever the receiver does is in
    // the result; throws only std::runtime_error (OpenSSL) and std::bad_alloc. On the loop it
    // belongs to.
    virtual Task<DeliveryAttempt> deliver(OutgoingEvent event) = 0;
    // The same of one about settlements.
    virtual Task<DeliveryAttempt> deliver_settlement(SettlementEvent event) = 0;
    // The same of one that is in no outbox.
    virtual Task<DeliveryAttempt> deliver_test(TestEvent event) = 0;
};

}  // namespace payments
