#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "flow/ports.hpp"
#include "storage/rules/ledger.hpp"

// Who may take an event, for how long and in what order: rules/claims.hpp. Here: outgoing events as
// both stores write and settle them: which event a change means, what a try does
// to its event's row (when the next one is: payment/outgoing), and which rows a filter names. The
// statements are in what both databases take (parameters in the order of their first use).
// docs/design.md, 3.12. Pure; any thread.
namespace payments::ledger {

// An event about to be written, with what cannot be derived later.
struct NewOutgoingEvent {
    std::int64_t transaction_id;
    std::string_view type;  // "payment.paid"
    TransactionState before, after;
    Time at;
    std::string provider_id;    // "" while the provider had not accepted
    std::string review_reason;  // "" when it is not in review
};

// The event that `change` is to be told as; nothing when others need not hear of it.
std::optional<NewOutgoingEvent> event_of(const Change& change, Time at);

inline constexpr std::string_view mark_delivered =
    "UPDATE outbox SET delivered_at = $1, dead_at = NULL, skipped = false"
    " WHERE id = $2 AND delivered_at IS NULL";
inline constexpr std::string_view mark_failed =
    "UPDATE outbox SET tries = tries + 1, next_at = $1, last_error = $2"
    " WHERE id = $3 AND tries = $4 AND delivered_at IS NULL AND dead_at IS NULL";
inline constexpr std::string_view mark_dead =
    "UPDATE outbox SET tries = tries + 1, dead_at = $1, last_error = $2"
    " WHERE id = $3 AND tries = $4 AND delivered_at IS NULL AND dead_at IS NULL";

// Calls `run(statement, parameters...)` with the one that keeps what became of a try of `event`. A
// delivery counts whatever other workers have reported: the receiver has it. A failure counts only
// while the row has as many tries as when it was claimed, so that two workers that report the same
// try count one.
template <class Run>
auto settle_event(const OutgoingEvent& event, const DeliveryOutcome& outcome, Run run) {
    using enum DeliveryOutcome::Kind;
    if (outcome.kind == delivered) return run(mark_delivered, outcome.at, event.number);
    const bool is_dead = outcome.kind == dead;
    return run(
        is_dead ? mark_dead : mark_failed, is_dead ? outcome.at : outcome.next_at, outcome.reason,
        event.number, event.tries
    );
}

// Which events an EventFilter names, of outbox AS o and transactions AS t: parameters $2 to $7, as
// with_filter() gives them, behind the statement's own $1.
#define EVENT_FILTER                                                            \
    "($2 IS NULL OR $2 = CASE WHEN o.delivered_at IS NOT NULL THEN 1"           \
    " WHEN o.dead_at IS NULL THEN 0 WHEN o.skipped THEN 3 ELSE 2 END)"          \
    " AND ($3 IS NULL OR o.id = $3) AND ($4 IS NULL OR t.created_at = $4)"      \
    " AND ($5 IS NULL OR o.transaction_id = $5) AND ($6 IS NULL OR o.at >= $6)" \
    " AND ($7 IS NULL OR o.at < $7)"
#define FILTERED_EVENTS                                                               \
    "(SELECT o.id FROM outbox AS o JOIN transactions AS t ON t.id = o.transaction_id" \
    " WHERE " EVENT_FILTER ")"

// $1 is the number after which they begin, $8 how many at most.
inline constexpr std::string_view filtered_events =
    " FROM outbox AS o JOIN transactions AS t ON t.id = o.transaction_id"
    " WHERE o.id > $1 AND " EVENT_FILTER " ORDER BY o.id LIMIT $8";
// $1 is now.
inline constexpr std::string_view replay_filtered =
    "UPDATE outbox SET delivered_at = NULL, dead_at = NULL, skipped = false, tries = 0,"
    " next_at = $1, last_error = '' WHERE id IN " FILTERED_EVENTS;
inline constexpr std::string_view skip_filtered =
    "UPDATE outbox SET dead_at = $1, skipped = true"
    " WHERE delivered_at IS NULL AND NOT skipped AND id IN " FILTERED_EVENTS;
#undef FILTERED_EVENTS
#undef EVENT_FILTER

// Calls `run` with a filter's six parameters.
template <class Run>
auto with_filter(const EventFilter& which, Run run) {
    std::optional<std::int64_t> state, number;
    std::optional<Time> opened_at;
    if (which.state) state = static_cast<std::int64_t>(*which.state);
    if (which.id) {
        number = which.id->number;
        opened_at = which.id->opened_at;
    }
    return run(state, number, opened_at, which.transaction_id, which.since, which.before);
}

}  // namespace payments::ledger
