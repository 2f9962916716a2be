#include "storage/rules/office.hpp"

#include <algorithm>

#include "storage/rules/actions.hpp"

namespace payments::ledger {
namespace {

template <class Items>
std::string joined(const Items& items) {
    std::string list;
    for (const auto& item : items) {
        list += ' ';
        if constexpr (std::is_integral_v<std::decay_t<decltype(item)>>)
            list += std::to_string(item);
        else
            list += item;
        list += ' ';
    }
    return list;
}

std::string_view condition_of(ActionsLine line) {
    switch (line) {
        case ActionsLine::transaction:
            return "coalesce(a.transaction_id, 0) = $1";
        case ActionsLine::person:
            return "a.by_sub = $1";
        case ActionsLine::scope:
            return "a.scope_id = $1";
        case ActionsLine::all:
            break;
    }
    return "$1 = 0";
}

std::string_view condition_of(EventsLine line) {
    switch (line) {
        case EventsLine::transaction:
            return "o.transaction_id = $2";
        case EventsLine::event:
            return "o.id = $2";
        case EventsLine::all:
            break;
    }
    return "$2 = 0";
}

std::string condition_of(std::optional<EventState> state, const Dialect& dialect) {
    if (!state) return "";
    switch (*state) {
        case EventState::waiting:
            return " AND o.delivered_at IS NULL AND o.dead_at IS NULL";
        case EventState::delivered:
            return " AND o.delivered_at IS NOT NULL";
        case EventState::dead:
            return " AND o.dead_at IS NOT NULL AND " + std::string{dialect.is_not_skipped};
        case EventState::skipped:
            return " AND " + std::string{dialect.is_skipped};
    }
    return "";
}

template <class Item>
bool cut(std::vector<Item>& list, std::size_t limit) {
    const bool is_end = list.size() <= limit;
    if (!is_end) list.erase(list.begin() + static_cast<std::ptrdiff_t>(limit), list.end());
    return is_end;
}

}  // namespace

std::string list_of(const std::vector<std::int64_t>& numbers) { return joined(numbers); }
std::string list_of(const std::vector<std::string>& words) { return joined(words); }
std::string list_of(const SightOfScopes& sight) {
    return sight.is_everywhere ? "*" : list_of(sight.scope_ids);
}

std::string actions_sql(ActionsLine line) {
    return "SELECT " + from_row::prefixed("a", action_columns) + " FROM actions AS a WHERE " +
           std::string{condition_of(line)} +
           " AND a.at >= $2 AND a.at < $3 AND (a.at, a.id) < ($4, $5)"
           " AND ($6 = '' OR a.by_sub = $6) AND ($7 = '' OR a.about = $7)"
           " AND ($8 = '' OR replace($8, ' ' || a.kind || ' ', '') <> $8)"
           " AND ($9 = '*' OR (replace($9, ' ' || a.scope_id || ' ', '') <> $9"
           " AND EXISTS (SELECT 1 FROM transactions AS t WHERE t.id = a.transaction_id"
           " AND replace($9, ' ' || t.scope_id || ' ', '') <> $9)))"
           " ORDER BY a.at DESC, a.id DESC LIMIT $10";
}

ActionsPage page_of(std::vector<Action> found, std::size_t limit) {
    std::ranges::sort(found, std::ranges::greater{}, [](const Action& action) {
        return ActionPlace{action.at, action.id};
    });
    ActionsPage page{std::move(found)};
    page.is_end = cut(page.list, limit);
    return page;
}

std::string events_sql(EventsLine line, std::optional<EventState> state, const Dialect& dialect) {
    return " FROM (SELECT * FROM outbox AS o WHERE o.id < $1 AND " +
           std::string{condition_of(line)} + condition_of(state, dialect) +
           " AND ($3 = $3) ORDER BY o.id DESC LIMIT $4) AS o"
           " JOIN transactions AS t ON t.id = o.transaction_id"
           " WHERE ($3 = '*' OR replace($3, ' ' || t.scope_id || ' ', '') <> $3)"
           " ORDER BY o.id DESC LIMIT $5";
}

EventsPage page_of(std::vector<OutgoingEvent> found, const EventsQuery& query) {
    // A number may have been given anew in a database that was begun again.
    if (!query.ids.empty())
        std::erase_if(found, [&](const OutgoingEvent& event) {
            return std::ranges::find(query.ids, event.id()) == query.ids.end();
        });
    std::ranges::sort(found, std::ranges::greater{}, &OutgoingEvent::number);
    EventsPage page{std::move(found)};
    page.is_end = !query.ids.empty() || cut(page.list, query.limit);
    return page;
}

std::string count_events_sql(const Dialect& dialect) {
    const auto counted = [&](EventState state) {
        return "(SELECT count(*) FROM (SELECT 1 FROM (SELECT o.transaction_id FROM outbox AS o"
               " WHERE $1 = $1" +
               condition_of(state, dialect) +
               " LIMIT $2) AS o JOIN transactions AS t ON t.id = o.transaction_id"
               " WHERE $1 = '*' OR replace($1, ' ' || t.scope_id || ' ', '') <> $1 LIMIT $3) AS c)";
    };
    return "SELECT " + counted(EventState::waiting) + ", " + counted(EventState::dead);
}

MessagesPage page_of(std::vector<ListedKeptMessage> found, std::size_t limit) {
    MessagesPage page{std::move(found)};
    page.is_end = cut(page.list, limit);
    return page;
}

}  // namespace payments::ledger
