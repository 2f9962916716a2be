#include "storage/sqlite/find.hpp"

#include "storage/rules/find.hpp"
#include "storage/rules/rows.hpp"

namespace payments::sqlite {
namespace {

using ledger::FindCursor;
using ledger::Search;
using Kind = FindCursor::Kind;

// Behind WHERE; with_parameters() binds what is in it.
std::string_view place_of(Kind kind) {
    switch (kind) {
        case Kind::all:
            return "true";
        case Kind::scoped:
            return "scope_id = $c1 AND status = $c2";
        case Kind::unscoped:
            return "scope_id IS NULL AND status = $c1";
        case Kind::transaction:
            return "id = $c1";
        case Kind::ticket:
            return "ticket_id = $c1";
        // The last condition of both lets SQLite use the index, which leaves such rows out.
        case Kind::provider_id:
            return "processor = $c1 AND provider_id = $c2 AND provider_id <> ''";
        case Kind::email:
            return "lower(email) = $c1 AND email <> ''";
        case Kind::refund_or_dispute:
            break;
    }
    static const auto by_fact = "id IN (SELECT transaction_id FROM facts WHERE subject = $c1 AND " +
                                std::string{ledger::facts_with_ids} + ")";
    return by_fact;
}

template <class Run>
Rows with_parameters(const FindCursor& of, Run run) {
    switch (of.kind) {
        case Kind::all:
            return run();
        case Kind::scoped:
            return run(of.number, name(of.status));
        case Kind::unscoped:
            return run(name(of.status));
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
    return "SELECT id, " + fits + " FROM transactions WHERE " + std::string{place_of(kind)} +
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

std::optional<std::int64_t> bisect(Database& database, std::optional<Time> moment) {
    if (!moment) return {};
    auto rows = database.query(ledger::bisect, *moment);
    rows.next();
    return rows.integer(0);
}

ledger::IdRange range_of(Database& database, const FindQuery& query) {
    std::optional<ledger::PaidBetween> paid;
    if (query.paid_from || query.paid_to) {
        auto rows = database.query(
            ledger::paid_between, query.paid_from.value_or(Time::min()),
            query.paid_to.value_or(Time::max()), looked_at_max
        );
        rows.next();
        paid = ledger::PaidBetween{rows.integer(0), rows.integer(1)};
    }
    return ledger::range_of(
        bisect(database, ledger::moment_to_begin(query)),
        bisect(database, ledger::moment_to_end(query)), paid
    );
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
    Search search{query, range_of(database, query)};
    Finder finder{database, query};
    for (auto asks = search.asks(); !asks.empty(); asks = search.asks())
        for (const auto& ask : asks) search.take(ask, finder.read(search.cursor(ask), ask));
    return {transactions(database, search.ids()), search.next()};
}

std::vector<KeptMessage> messages_of(Database& database, std::int64_t transaction_id) {
    static const auto sql = "SELECT " + std::string{from_row::kept_message_columns} +
                            std::string{from_row::messages_of_transaction};
    auto rows = database.query(sql, transaction_id);
    std::vector<KeptMessage> messages;
    while (rows.next()) messages.push_back(from_row::kept_message(rows));
    return messages;
}

std::optional<KeptMessage> message(Database& database, std::int64_t number) {
    static const auto sql = "SELECT " + std::string{from_row::kept_message_columns} +
                            std::string{from_row::message_with_number};
    auto rows = database.query(sql, number);
    if (!rows.next()) return {};
    auto found = from_row::kept_message(rows);
    if (!rows.is_null(5)) found.body = rows.text(5);
    return found;
}

std::vector<OutgoingEvent> events_of(Database& database, std::int64_t transaction_id) {
    static const auto sql = "SELECT " + std::string{from_row::outgoing_columns} +
                            std::string{from_row::events_of_transaction};
    auto rows = database.query(sql, transaction_id);
    std::vector<OutgoingEvent> events;
    while (rows.next()) events.push_back(from_row::outgoing(rows));
    return events;
}

}  // namespace payments::sqlite
