#include "storage/sqlite/queries.hpp"

#include <algorithm>
#include <limits>

#include "storage/rules/actions.hpp"

namespace payments::sqlite {
namespace {

const auto select_transactions =
    "SELECT " + std::string{from_row::transaction_columns} + " FROM transactions ";

}  // namespace

std::vector<LedgerEntry> entries_of(Database& database, std::int64_t id) {
    static const auto sql = "SELECT " + std::string{from_row::entry_columns} +
                            " FROM facts WHERE transaction_id = ?1 ORDER BY seq";
    auto rows = database.query(sql, id);
    std::vector<LedgerEntry> events;
    while (rows.next()) events.push_back(from_row::event(rows));
    return events;
}

// Reads as many entries of the index as these tickets have attempts. Skipping from ticket to ticket
// in a recursive query would be quicker only if they had dozens each.
std::vector<std::int64_t> ticket_ids(Database& database, std::int64_t after, int limit) {
    auto rows = database.query(
        "SELECT DISTINCT ticket_id FROM transactions WHERE ticket_id > ?1 ORDER BY ticket_id"
        " LIMIT ?2",
        after, limit
    );
    std::vector<std::int64_t> ids;
    while (rows.next()) ids.push_back(rows.integer(0));
    return ids;
}

std::optional<NewestAttempt> newest_attempt(Database& database) {
    auto rows = database.query(
        "SELECT id, created_at FROM transactions WHERE id = (SELECT max(id) FROM transactions)"
    );
    if (!rows.next()) return {};
    return NewestAttempt{rows.integer(0), rows.time(1)};
}

std::vector<Transaction> transactions_of(Database& database, std::int64_t ticket_id) {
    static const auto sql = select_transactions + "WHERE ticket_id = ?1 ORDER BY id";
    auto rows = database.query(sql, ticket_id);
    std::vector<Transaction> transactions;
    while (rows.next()) transactions.push_back(from_row::attempt_row(rows).transaction);
    for (auto& transaction : transactions)
        transaction.entries = entries_of(database, transaction.id);
    return transactions;
}

namespace {

std::vector<LedgerEntry> money_entries_of(Database& database, std::int64_t id, bool or_all) {
    static const auto sql = "SELECT " + std::string{from_row::money_entry_columns} +
                            " FROM facts AS f WHERE transaction_id = ?1 AND (?2 OR " +
                            from_row::are_of_money() + ") ORDER BY seq";
    auto rows = database.query(sql, id, or_all);
    std::vector<LedgerEntry> entries;
    while (rows.next()) entries.push_back(from_row::money_entry(rows));
    return entries;
}

}  // namespace

std::vector<Transaction> page(Database& database, const PageRequest& request) {
    const auto of_columns = [](std::string columns) {
        return "SELECT " + columns + " FROM transactions" + std::string{from_row::page_condition};
    };
    static const auto whole =
        of_columns(from_row::emptied(from_row::transaction_columns, from_row::not_of_pages));
    static const auto of_money = of_columns(std::string{from_row::money_columns});
    auto rows = database.query(
        request.is_of_money ? of_money : whole, request.after_id,
        request.opened_since.value_or(Time::min()), request.only_open, request.limit
    );
    std::vector<Transaction> transactions;
    while (rows.next())
        transactions.push_back(
            request.is_of_money ? from_row::money_row(rows)
                                : from_row::attempt_row(rows).transaction
        );
    for (auto& transaction : transactions)
        transaction.entries = request.is_of_money
                                  ? money_entries_of(database, transaction.id, false)
                                  : entries_of(database, transaction.id);
    return transactions;
}

MovedPage moved_page(Database& database, const MovedRequest& request) {
    static const auto sql =
        "SELECT " + std::string{from_row::money_columns} + ", " +
        std::string{from_row::moved_columns} + " FROM transactions" +
        std::string{from_row::moved_condition} +
        " AND (?6 OR scope_id IN (SELECT value FROM json_each(?7))) ORDER BY id";
    MovedPage found;
    {
        auto end = database.query(from_row::end_of_moved, request.after_id, request.limit);
        if (end.next()) found.next = end.integer(0);
    }
    std::string scopes = "[";
    for (const auto id : request.scope_ids)
        scopes += (scopes.size() == 1 ? "" : ",") + std::to_string(id);
    scopes += "]";
    const auto last = found.next.value_or(std::numeric_limits<std::int64_t>::max());
    auto rows = database.query(
        sql, request.after_id, last, request.begun_before,
        request.begun_since.value_or(Time::min()), request.changed_since.value_or(Time::min()),
        request.is_everywhere, scopes
    );
    while (rows.next()) found.list.push_back(from_row::moved_row(rows));
    for (auto& transaction : found.list)
        transaction.entries =
            money_entries_of(database, transaction.id, transaction.status == Status::review);
    return found;
}

std::optional<ledger::AttemptRow> attempt_row(Database& database, std::int64_t id) {
    static const auto sql = select_transactions + "WHERE id = ?1";
    auto rows = database.query(sql, id);
    if (!rows.next()) return {};
    auto found = from_row::attempt_row(rows);
    found.transaction.entries = entries_of(database, id);
    return found;
}

std::optional<Time> next_due(Database& database) {
    auto rows = database.query(
        "SELECT check_at FROM transactions WHERE check_at IS NOT NULL ORDER BY check_at LIMIT 1"
    );
    if (!rows.next()) return {};
    return rows.time(0);
}

std::optional<Transaction> transaction(Database& database, std::int64_t id) {
    auto found = attempt_row(database, id);
    if (!found) return {};
    return std::move(found->transaction);
}

std::vector<Action> actions_of(
    Database& database, std::int64_t transaction_id, std::optional<ActionKind> kind
) {
    static const auto sql =
        "SELECT " + std::string{ledger::action_columns} + std::string{ledger::actions_of_chain};
    auto rows = database.query(sql, transaction_id, kind ? name(*kind) : "", story_max);
    std::vector<Action> actions;
    while (rows.next()) actions.push_back(ledger::action_row(rows));
    std::ranges::reverse(actions);
    return actions;
}

}  // namespace payments::sqlite
