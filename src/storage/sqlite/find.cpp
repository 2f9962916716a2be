#include "storage/sqlite/find.hpp"

#include "storage/rules/find.hpp"
#include "storage/rules/rows.hpp"

namespace payments::sqlite {
namespace {

using ledger::FindCursor;
using ledger::Search;
using Kind = FindCursor::Kind;

// Behind WHERE; with_parameters() binds what is in it.
std::string place_of(Kind kind) {
    switch (kind) {
        case Kind::all:
            return "true";
        case Kind::of_scope:
            return "scope_id = $c1";
        // The last condition lets SQLite use the index, which holds such rows alone; so below.
        case Kind::rare:
            return "status = $c1 AND " + std::string{ledger::is_rare};
        case Kind::rare_of_scope:
            return "scope_id = $c1 AND status = $c2 AND " + std::string{ledger::is_rare};
        case Kind::transaction:
            return "id = $c1";
        case Kind::ticket:
            return "ticket_id = $c1";
        case Kind::provider_id:
            return "processor = $c1 AND provider_id = $c2 AND provider_id <> ''";
        case Kind::email:
            return "lower(email) = $c1 AND email <> ''";
        case Kind::refund_or_dispute:
            break;
    }
    return "id IN (SELECT transaction_id FROM facts WHERE subject = $c1 AND " +
           std::string{ledger::facts_with_ids} + ")";
}

template <class Run>
Rows with_parameters(const FindCursor& of, Run run) {
    switch (of.kind) {
        case Kind::all:
            return run();
        case Kind::rare:
            return run(name(of.status));
        case Kind::rare_of_scope:
            return run(of.number, name(of.status));
        case Kind::of_scope:
        case Kind::transaction:
        case Kind::ticket:
            return run(of.number);
        case Kind::provider_id:
            return run(name(of.processor), of.text);
        case Kind::email:
        case Kind::refund_or_dispute:
            break;
    }
    return run(of.text);
}

// Parameters get their numbers in the order of their first use: those of the conditions, if there
// are any, of the cursor, then where to begin and how many.
std::string sql_of(Kind kind, bool has_conditions) {
    const std::string fits{has_conditions ? ledger::find_conditions : "true"};
    const auto seen = has_conditions ? std::string{ledger::is_seen} + " AND " : std::string{};
    return "SELECT id, " + fits + " FROM transactions WHERE " + seen + place_of(kind) +
           " AND id < $before ORDER BY id DESC LIMIT $count";
}

class Finder {
public:
    Finder(Database& database, const FindQuery& query)
        : database_(database),
          has_conditions_(ledger::has_conditions(query)),
          conditions_(ledger::conditions_of(query)) {}

    std::vector<ledger::CursorRow> read(const FindCursor& cursor, const Search::Ask& ask) {
        auto rows = open(cursor, ask);
        std::vector<ledger::CursorRow> read;
        while (rows.next()) read.push_back({rows.integer(0), rows.flag(1)});
        return read;
    }

private:
    Rows open(const FindCursor& cursor, const Search::Ask& ask) {
        const auto sql = sql_of(cursor.kind, has_conditions_);
        return with_parameters(cursor, [&](const auto&... of_cursor) {
            if (!has_conditions_) return database_.query(sql, of_cursor..., ask.before, ask.count);
            return ledger::with_conditions(conditions_, [&](const auto&... conditions) {
                return database_.query(sql, conditions..., of_cursor..., ask.before, ask.count);
            });
        });
    }

    Database& database_;
    const bool has_conditions_;
    const ledger::FindConditions conditions_;
};

std::optional<std::int64_t> bisect(
    Database& database, std::int64_t line, std::optional<Time> moment
) {
    if (!moment) return {};
    // Parameters get their numbers in the order of their first use.
    static const auto everywhere = ledger::bisect(ledger::newest_of_all, ledger::opened_at_of_all);
    static const auto of_scope = ledger::bisect(
        "SELECT id FROM transactions WHERE scope_id = $line ORDER BY id DESC LIMIT 1",
        "SELECT created_at FROM transactions WHERE scope_id = $line AND id >= (lo + hi) / 2"
        " ORDER BY id LIMIT 1"
    );
    auto rows =
        line ? database.query(of_scope, line, *moment) : database.query(everywhere, *moment);
    rows.next();
    return rows.integer(0);
}

ledger::IdRanges ranges_of(Database& database, const FindQuery& query) {
    std::optional<ledger::PaidBetween> paid;
    if (ledger::asks_paid_between(query)) {
        auto rows = database.query(
            ledger::paid_between, query.paid_from.value_or(Time::min()),
            query.paid_to.value_or(Time::max()), query.looked_at_max
        );
        rows.next();
        paid = ledger::PaidBetween{rows.integer(0), rows.integer(1)};
    }
    ledger::IdRanges ranges;
    for (const auto line : ledger::lines_of(query)) {
        const auto begin = bisect(database, line, ledger::moment_to_begin(query));
        const auto end = bisect(database, line, ledger::moment_to_end(query));
        ranges[line] = ledger::range_of(query, begin, end, paid);
    }
    return ranges;
}

std::vector<Transaction> transactions(Database& database, const std::vector<std::int64_t>& ids) {
    static const auto sql =
        "SELECT " + std::string{from_row::transaction_columns} + " FROM transactions WHERE id = ?1";
    std::vector<Transaction> found;
    for (const auto id : ids) {
        auto rows = database.query(sql, id);
        if (rows.next()) found.push_back(from_row::attempt_row(rows).transaction);
    }
    return found;
}

}  // namespace

FoundPage find(Database& database, const FindQuery& query) {
    Search search{query, ranges_of(database, query)};
    Finder finder{database, query};
    for (auto asks = search.asks(); !asks.empty(); asks = search.asks()) {
        std::vector<std::vector<ledger::CursorRow>> answers;
        for (const auto& ask : asks) answers.push_back(finder.read(search.cursor(ask), ask));
        search.take(std::move(answers));
    }
    return {transactions(database, search.ids()), search.next()};
}

std::vector<KeptMessage> messages_of(Database& database, std::int64_t transaction_id) {
    static const auto sql = "SELECT " + std::string{from_row::kept_message_columns} +
                            std::string{from_row::messages_of_transaction};
    auto rows = database.query(sql, transaction_id, story_max);
    std::vector<KeptMessage> messages;
    while (rows.next()) messages.push_back(from_row::kept_message(rows));
    std::ranges::reverse(messages);
    return messages;
}

std::optional<KeptMessage> message(Database& database, std::int64_t number) {
    static const auto sql = "SELECT " + std::string{from_row::kept_message_columns} +
                            std::string{from_row::message_with_number};
    auto rows = database.query(sql, number);
    if (!rows.next()) return {};
    auto found = from_row::kept_message(rows);
    constexpr int body = from_row::body_of_kept_message;
    if (!rows.is_null(body)) found.body = rows.text(body);
    return found;
}

std::vector<OutgoingEvent> events_of(Database& database, std::int64_t transaction_id) {
    static const auto sql = "SELECT " + std::string{from_row::outgoing_columns} +
                            std::string{from_row::events_of_transaction};
    auto rows = database.query(sql, transaction_id, story_max);
    std::vector<OutgoingEvent> events;
    while (rows.next()) events.push_back(from_row::outgoing(rows));
    std::ranges::reverse(events);
    return events;
}

}  // namespace payments::sqlite
