#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "flow/office/records.hpp"
#include "storage/rules/rows.hpp"

// What the back office asks of either store (docs/worklist.md): statements in what both databases
// take, and how their answers make a page. Lists are texts that are searched as a whole, because
// both databases can do that and only one of them knows lists. Pure; any thread.
namespace payments::ledger {

// " 1  2 ", and " note  reveal ".
std::string list_of(const std::vector<std::int64_t>& numbers);
std::string list_of(const std::vector<std::string>& words);
// "*" for everywhere.
std::string list_of(const SightOfScopes& sight);

// ------------------------------------------------------------------- what people did

// What leads to the rows of a page, each by an index of its own: all of it, what is about one
// transaction, of one person, of one scope.
enum class ActionsLine : std::uint8_t { all, transaction, person, scope };
// Of table actions AS a: $1 is the line's number or person, then with_actions().
std::string actions_sql(ActionsLine line);

// Calls `run(line, number or person, parameters...)` for each line that leads to the page.
template <class Run>
void with_actions(const ActionsQuery& query, Run run) {
    constexpr auto max = std::numeric_limits<std::int64_t>::max();
    const auto each = [&](ActionsLine line, const auto& which) {
        run(line, which, query.from ? query.from->time_since_epoch().count() : std::int64_t{0},
            query.to ? query.to->time_since_epoch().count() : max,
            query.after ? query.after->at.time_since_epoch().count() : max,
            query.after ? query.after->id : max, query.by, query.about, list_of(query.kinds),
            list_of(query.sight), static_cast<std::int64_t>(query.limit) + 1);
    };
    if (query.transaction_id) return each(ActionsLine::transaction, *query.transaction_id);
    if (!query.sight.is_everywhere) {
        for (const auto id : query.sight.scope_ids) each(ActionsLine::scope, id);
        return;
    }
    if (!query.by.empty()) return each(ActionsLine::person, query.by);
    each(ActionsLine::all, std::int64_t{0});
}

// The page out of what all lines have given, in any order.
ActionsPage page_of(std::vector<Action> found, std::size_t limit);

// ------------------------------------------------------------------- what others are told

// What the two databases write each in its own way.
struct Dialect {
    std::string_view is_skipped, is_not_skipped;  // of table outbox AS o
};

// Of outbox AS o and transactions AS t, without what is selected: $1 is the number that they lie
// below, $2 the transaction (or the event), $3 list_of(sight), $4 how many are looked at, $5 how
// many are given.
enum class EventsLine : std::uint8_t { all, transaction, event };
std::string events_sql(EventsLine line, std::optional<EventState> state, const Dialect& dialect);

// Calls `run(line, parameters...)` for each line that leads to the page.
template <class Run>
void with_events(const EventsQuery& query, Run run) {
    const auto below = query.after.value_or(std::numeric_limits<std::int64_t>::max());
    const auto sight = list_of(query.sight);
    const auto limit = static_cast<std::int64_t>(query.limit) + 1;
    const auto looked_at = query.sight.is_everywhere ? limit : std::int64_t{events_looked_at_max};
    for (const auto& id : query.ids) run(EventsLine::event, below, id.number, sight, 1, 1);
    if (!query.ids.empty()) return;
    const auto line = query.transaction_id ? EventsLine::transaction : EventsLine::all;
    run(line, below, query.transaction_id.value_or(0), sight, looked_at, limit);
}

// The page out of what was read: newest first, and of those that were named by their ids alone what
// is meant.
EventsPage page_of(std::vector<OutgoingEvent> found, const EventsQuery& query);

// How many wait, and how many were given up: $1 is list_of(sight), $2 how many are looked at, $3
// how many are counted.
std::string count_events_sql(const Dialect& dialect);

// ------------------------------------------------------------------- what providers have told us

// Of notifications AS n and matches AS m, without what is selected: $1 is the number that they lie
// behind in the list, $2 how many.
inline constexpr std::string_view all_messages =
    " FROM notifications AS n LEFT JOIN matches AS m ON m.notification_id = n.id WHERE n.id < $1"
    " ORDER BY n.id DESC LIMIT $2";
// By when they came, for which there is an index.
inline constexpr std::string_view unmatched_messages_listed =
    " FROM notifications AS n LEFT JOIN matches AS m ON m.notification_id = n.id"
    " WHERE n.transaction_id IS NULL AND m.notification_id IS NULL"
    " AND (n.received_at, n.id) < (coalesce((SELECT received_at FROM notifications WHERE id = $1),"
    " 9223372036854775807), $1) ORDER BY n.received_at DESC, n.id DESC LIMIT $2";
// What listed_kept_message() reads.
inline constexpr std::string_view listed_kept_columns =
    "n.id, n.processor, n.identity, n.received_at, coalesce(n.transaction_id, m.transaction_id),"
    " n.unmatched_reason";

template <class Row>
ListedKeptMessage listed_kept_message(const Row& row) {
    return {from_row::kept_message(row), row.text(5)};
}

MessagesPage page_of(std::vector<ListedKeptMessage> found, std::size_t limit);

// What retriable_message() reads, of the message with number $1; one whose body was erased cannot
// be read again.
inline constexpr std::string_view select_retriable =
    "SELECT n.id, n.processor, n.identity, n.received_at,"
    " coalesce(n.transaction_id, m.transaction_id), n.unmatched_reason, n.signature, n.body"
    " FROM notifications AS n LEFT JOIN matches AS m ON m.notification_id = n.id WHERE n.id = $1";
// Whether the message with number $1 waits for a transaction that it fits.
inline constexpr std::string_view select_waiting =
    "SELECT 1 FROM unmatched WHERE notification_id = $1";

template <class Row>
RetriableMessage retriable_message(const Row& row, bool is_waiting) {
    RetriableMessage found{listed_kept_message(row)};
    const auto& message = found.listed.message;
    if (!is_waiting || message.transaction_id || row.is_null(7)) return found;
    SignedMessage kept{message.processor, message.identity, row.text(6), row.text(7)};
    found.again = UnmatchedMessage{message.number, std::move(kept), message.received_at};
    return found;
}

}  // namespace payments::ledger
