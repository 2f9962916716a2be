#include "storage/sqlite/outbox.hpp"

#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {
namespace {

using namespace std::chrono_literals;

// Longer than any delivery takes.
constexpr auto lease_time = 2min;

const std::string select_outgoing =
    "SELECT " + std::string{from_row::outgoing_columns} +
    " FROM outbox o JOIN transactions t ON t.id = o.transaction_id ";

// Due, and the oldest of its transaction that others still have to hear of.
const std::string due =
    "FROM outbox o WHERE o.delivered_at IS NULL AND o.dead_at IS NULL AND o.next_at <= ?1"
    " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.transaction_id = o.transaction_id"
    " AND e.id < o.id AND e.delivered_at IS NULL AND e.dead_at IS NULL)"
    " ORDER BY o.next_at, o.id LIMIT ?2";

// An EventFilter's parameters are ?1 to ?6.
const std::string filtered =
    "WHERE (?1 IS NULL OR CASE WHEN o.delivered_at IS NOT NULL THEN 1"
    " WHEN o.dead_at IS NOT NULL THEN 2 + o.skipped ELSE 0 END = ?1)"
    " AND (?2 IS NULL OR o.id = ?2) AND (?3 IS NULL OR t.created_at = ?3)"
    " AND (?4 IS NULL OR o.transaction_id = ?4) AND (?5 IS NULL OR o.at >= ?5)"
    " AND (?6 IS NULL OR o.at < ?6)";
const std::string filtered_ids =
    "(SELECT o.id FROM outbox o JOIN transactions t ON t.id = o.transaction_id " + filtered + ")";

template <class Use>
auto with(const EventFilter& which, Use use) {
    std::optional<std::int64_t> state, number;
    std::optional<Time> opened_at;
    if (which.state) state = static_cast<std::int64_t>(*which.state);
    if (which.id) {
        number = which.id->number;
        opened_at = which.id->opened_at;
    }
    return use(state, number, opened_at, which.transaction_id, which.since, which.before);
}

// Older versions did not keep the reason with the event: what was known when it happened says it.
std::string reason_then(Database& database, std::int64_t transaction_id, Time at) {
    auto transaction = kept(database, transaction_id).value().transaction;
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
    static const auto sql = "SELECT o.id " + due;
    auto rows = database.query(sql, now, limit);
    std::vector<std::int64_t> numbers;
    while (rows.next()) numbers.push_back(rows.integer(0));
    return numbers;
}

}  // namespace

bool has_due_event(Database& database, Time now) { return !due_events(database, now, 1).empty(); }

std::vector<OutgoingEvent> claim_events(Database& database, Time now, int limit) {
    static const auto sql = select_outgoing + "WHERE o.id = ?1";
    std::vector<OutgoingEvent> claimed;
    for (const auto number : due_events(database, now, limit)) {
        database.change("UPDATE outbox SET next_at = ?2 WHERE id = ?1", number, now + lease_time);
        auto rows = database.query(sql, number);
        rows.next();
        claimed.push_back(event_of(database, rows));
    }
    return claimed;
}

void record_delivery(
    Database& database, const OutgoingEvent& event, const DeliveryOutcome& settlement
) {
    switch (settlement.kind) {
        case DeliveryOutcome::Kind::delivered:
            database.change(
                "UPDATE outbox SET delivered_at = ?2, dead_at = NULL, skipped = 0"
                " WHERE id = ?1 AND delivered_at IS NULL",
                event.number, settlement.at
            );
            break;
        case DeliveryOutcome::Kind::failed:
            database.change(
                "UPDATE outbox SET tries = tries + 1, next_at = ?3, last_error = ?4"
                " WHERE id = ?1 AND tries = ?2 AND delivered_at IS NULL AND dead_at IS NULL",
                event.number, event.tries, settlement.next_at, settlement.reason
            );
            break;
        case DeliveryOutcome::Kind::dead:
            database.change(
                "UPDATE outbox SET tries = tries + 1, dead_at = ?3, last_error = ?4"
                " WHERE id = ?1 AND tries = ?2 AND delivered_at IS NULL AND dead_at IS NULL",
                event.number, event.tries, settlement.at, settlement.reason
            );
            break;
    }
}

std::vector<OutgoingEvent> events(
    Database& database, const EventFilter& which, std::int64_t after, int limit
) {
    static const auto sql = select_outgoing + filtered + " AND o.id > ?7 ORDER BY o.id LIMIT ?8";
    auto rows = with(which, [&](const auto&... filter) {
        return database.query(sql, filter..., after, limit);
    });
    std::vector<OutgoingEvent> found;
    while (rows.next()) found.push_back(event_of(database, rows));
    return found;
}

std::int64_t replay_events(Database& database, const EventFilter& which, Time now) {
    static const auto sql =
        "UPDATE outbox SET delivered_at = NULL, dead_at = NULL, skipped = 0, tries = 0,"
        " next_at = ?7, last_error = '' WHERE id IN " +
        filtered_ids;
    return with(which, [&](const auto&... filter) { return database.change(sql, filter..., now); });
}

std::int64_t skip_events(Database& database, const EventFilter& which, Time now) {
    static const auto sql =
        "UPDATE outbox SET dead_at = ?7, skipped = 1"
        " WHERE delivered_at IS NULL AND skipped = 0 AND id IN " +
        filtered_ids;
    return with(which, [&](const auto&... filter) { return database.change(sql, filter..., now); });
}

Backlog backlog(Database& database) {
    auto waiting = database.query(
        "SELECT count(*), min(at) FROM outbox WHERE delivered_at IS NULL AND dead_at IS NULL"
    );
    waiting.next();
    auto dead =
        database.query("SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL AND skipped = 0");
    dead.next();
    return {waiting.integer(0), dead.integer(0), waiting.time_or_null(1)};
}

}  // namespace payments::sqlite
