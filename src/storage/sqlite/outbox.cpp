#include "storage/sqlite/outbox.hpp"

#include <array>

#include "storage/rules/office.hpp"
#include "storage/rules/outbox.hpp"
#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {
namespace {

constexpr ledger::Dialect outbox_dialect{"o.skipped = 1", "o.skipped = 0"};

const auto select_outgoing = "SELECT " + std::string{from_row::outgoing_columns};

// Versions before 0004_outbox_delivery did not store the reason with the event: it is derived from
// the facts that were known when it happened.
std::string reason_then(Database& database, std::int64_t transaction_id, Time at) {
    auto transaction = attempt_row(database, transaction_id).value().transaction;
    std::erase_if(transaction.entries, [at](const LedgerEntry& event) { return event.at > at; });
    return review_reason(facts_of(transaction));
}

OutgoingEvent event_of(Database& database, const Rows& row) {
    auto event = from_row::outgoing(row);
    if (row.is_null(from_row::review_reason_column) && event.after.status == Status::review)
        event.review_reason = reason_then(database, event.transaction_id, event.at);
    return event;
}

std::vector<std::int64_t> due_events(Database& database, Time now, int limit) {
    static const auto sql =
        "SELECT o.id FROM outbox AS o" + std::string{ledger::due_events} + " LIMIT $2";
    auto rows = database.query(sql, now, limit);
    std::vector<std::int64_t> numbers;
    while (rows.next()) numbers.push_back(rows.integer(0));
    return numbers;
}

}  // namespace

bool has_due_event(Database& database, Time now) { return !due_events(database, now, 1).empty(); }

std::vector<OutgoingEvent> claim_events(Database& database, Time now, int limit) {
    static const auto sql =
        select_outgoing +
        " FROM outbox AS o JOIN transactions AS t ON t.id = o.transaction_id WHERE o.id = ?1";
    std::vector<OutgoingEvent> claimed;
    // In the writer's transaction, so that nobody else sees them between the look and the lease.
    for (const auto number : due_events(database, now, limit)) {
        database.change(
            "UPDATE outbox SET next_at = ?2 WHERE id = ?1", number, ledger::event_lease_end(now)
        );
        auto rows = database.query(sql, number);
        rows.next();
        claimed.push_back(event_of(database, rows));
    }
    return claimed;
}

void record_delivery(
    Database& database, const OutgoingEvent& event, const DeliveryOutcome& outcome
) {
    ledger::settle_event(event, outcome, [&](const auto&... statement) {
        return database.change(statement...);
    });
}

std::vector<OutgoingEvent> events(
    Database& database, const EventFilter& which, std::int64_t after, int limit
) {
    static const auto sql = select_outgoing + std::string{ledger::filtered_events};
    auto rows = ledger::with_filter(which, [&](const auto&... filter) {
        return database.query(sql, after, filter..., limit);
    });
    std::vector<OutgoingEvent> found;
    while (rows.next()) found.push_back(event_of(database, rows));
    return found;
}

std::int64_t replay_events(Database& database, const EventFilter& which, Time now) {
    return ledger::with_filter(which, [&](const auto&... filter) {
        return database.change(ledger::replay_filtered, now, filter...);
    });
}

std::int64_t skip_events(Database& database, const EventFilter& which, Time now) {
    return ledger::with_filter(which, [&](const auto&... filter) {
        return database.change(ledger::skip_filtered, now, filter...);
    });
}

// One that was skipped is dead by somebody's will, and none that a person must look at.
Backlog backlog(Database& database) {
    auto waiting = database.query(
        "SELECT count(*), min(at) FROM"
        " (SELECT at FROM outbox WHERE delivered_at IS NULL AND dead_at IS NULL UNION ALL"
        " SELECT at FROM settlement_events WHERE delivered_at IS NULL AND dead_at IS NULL)"
    );
    waiting.next();
    auto dead = database.query(
        "SELECT (SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL AND skipped = 0) +"
        " (SELECT count(*) FROM settlement_events WHERE dead_at IS NOT NULL AND skipped = 0)"
    );
    dead.next();
    return {waiting.integer(0), dead.integer(0), waiting.time_or_null(1)};
}

EventsPage find_events(Database& database, const EventsQuery& query) {
    constexpr std::size_t states = 5;  // none, and each of the four
    static const auto sql = [] {
        std::array<std::string, 3 * states> texts;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            std::optional<EventState> state;
            if (i % states > 0) state = static_cast<EventState>(i % states - 1);
            texts[i] = select_outgoing +
                       ledger::events_sql(
                           static_cast<ledger::EventsLine>(i / states), state, outbox_dialect
                       );
        }
        return texts;
    }();
    const auto state = query.state ? static_cast<std::size_t>(*query.state) + 1 : 0;
    std::vector<OutgoingEvent> found;
    ledger::with_events(query, [&](ledger::EventsLine line, const auto&... parameters) {
        auto rows =
            database.query(sql[static_cast<std::size_t>(line) * states + state], parameters...);
        while (rows.next()) found.push_back(event_of(database, rows));
    });
    return ledger::page_of(std::move(found), query);
}

Backlog backlog_in(Database& database, const SightOfScopes& sight) {
    static const auto sql = ledger::count_events_sql(outbox_dialect);
    const auto looked_at = sight.is_everywhere ? events_counted_max : events_looked_at_max;
    auto rows = database.query(sql, ledger::list_of(sight), looked_at, events_counted_max);
    rows.next();
    return {rows.integer(0), rows.integer(1), {}};
}

}  // namespace payments::sqlite
