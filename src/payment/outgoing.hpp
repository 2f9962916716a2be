#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "payment/transaction.hpp"

// Which change of a transaction a receiver is told, under which name and id, and when a delivery is
// retried (docs/design.md, 3.12).
// Pure; safe on any thread.
namespace payments {

// What the outside is told of an attempt: where it stands.
struct TransactionState {
    Status status = Status::created;
    std::int64_t refunded_minor = 0;

    friend bool operator==(TransactionState, TransactionState) = default;
};
// The outgoing event that a change means ("payment.paid"), or "" for none.
std::string_view event_type(TransactionState before, TransactionState after);

// The id by which a receiver knows an event again, over retries, replays and restarts: "evt_", the
// transaction's created_at and the event's number, in hex. Numbers start again with a new database,
// a moment does not.
struct EventId {
    std::int64_t number;
    Time opened_at;

    std::string text() const;
    // Nothing for a text that text() would not have made.
    static std::optional<EventId> parse(std::string_view text);
    friend bool operator==(EventId, EventId) = default;
};

// The same of one about settlements: "evt_settlement_", the moment in milliseconds and the number.
struct SettlementEventId {
    std::int64_t number;
    Time at;

    std::string text() const;
    // Nothing for a text that text() would not have made.
    static std::optional<SettlementEventId> parse(std::string_view text);
    friend bool operator==(SettlementEventId, SettlementEventId) = default;
};

// A change of a transaction's status or sum of refunds, as it was then, and the state of its
// delivery: one row of the outbox.
struct OutgoingEvent {
    std::int64_t number;  // ascending in the order of the changes
    std::string type;     // "payment.paid"
    Time at;
    std::int64_t transaction_id;
    std::int64_t ticket_id;
    Code code;
    Money amount;
    Time opened_at;
    TransactionState before;
    TransactionState after;
    std::string provider_id{};    // "" while the provider had not accepted
    std::string review_reason{};  // "" when it was not in review

    int tries = 0;                       // deliveries that failed
    Time next_at{};                      // when it is due
    std::optional<Time> delivered_at{};  //
    std::optional<Time> dead_at{};       // given up then, until someone replays it
    bool skipped = false;                // given up because someone said so
    std::string last_error{};            // of the last try that failed

    EventId id() const { return {number, opened_at}; }
};

// What became of one try.
struct DeliveryAttempt {
    bool delivered = false;
    std::string reason;                     // not delivered: for people
    std::chrono::seconds asked_to_wait{0};  // Retry-After

    static DeliveryAttempt done() { return {true, "", {}}; }
    static DeliveryAttempt failed(std::string reason, std::chrono::seconds wait = {}) {
        return {false, std::move(reason), wait};
    }
};

// What becomes of the event after one try: after 16 failures, over three days, it is a dead letter.
// A receiver's Retry-After is honoured up to an hour, or it could stop its events for good.
struct DeliveryOutcome {
    enum class Kind : std::uint8_t { delivered, failed, dead } kind = Kind::delivered;
    Time at;
    Time next_at{};        // when it has failed
    std::string reason{};  // when it was not delivered, for people
};
DeliveryOutcome outcome_of_attempt(int failed_tries, const DeliveryAttempt& delivery, Time now);
inline DeliveryOutcome outcome_of_attempt(
    const OutgoingEvent& event, const DeliveryAttempt& delivery, Time now
) {
    return outcome_of_attempt(event.tries, delivery, now);
}

}  // namespace payments
