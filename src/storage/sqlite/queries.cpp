#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {
namespace {

const auto select_transactions =
    "SELECT " + std::string{from_row::transaction_columns} + " FROM transactions ";

std::vector<LedgerEntry> events_of(Database& database, std::int64_t id) {
    static const auto sql = "SELECT " + std::string{from_row::entry_columns} +
                            " FROM facts WHERE transaction_id = ?1 ORDER BY seq";
    auto rows = database.query(sql, id);
    std::vector<LedgerEntry> events;
    while (rows.next()) events.push_back(from_row::event(rows));
    return events;
}

std::optional<std::int64_t> id_or_nothing(Rows rows) {
    if (!rows.next()) return {};
    return rows.integer(0);
}

}  // namespace

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
    while (rows.next()) transactions.push_back(from_row::kept(rows).transaction);
    for (auto& transaction : transactions)
        transaction.entries = events_of(database, transaction.id);
    return transactions;
}

std::vector<Transaction> page(Database& database, const PageRequest& request) {
    static const auto sql =
        select_transactions +
        "WHERE id > ?1 AND created_at >= ?2 AND (?3 = 0 OR check_at IS NOT NULL"
        " OR status IN ('created', 'pending', 'unknown', 'authorized')) ORDER BY id LIMIT ?4";
    auto rows = database.query(
        sql, request.after_id, request.opened_since.value_or(Time::min()), request.only_open,
        request.limit
    );
    std::vector<Transaction> transactions;
    while (rows.next()) transactions.push_back(from_row::kept(rows).transaction);
    for (auto& transaction : transactions)
        transaction.entries = events_of(database, transaction.id);
    return transactions;
}

std::optional<ledger::AttemptRow> kept(Database& database, std::int64_t id) {
    static const auto sql = select_transactions + "WHERE id = ?1";
    auto rows = database.query(sql, id);
    if (!rows.next()) return {};
    auto found = from_row::kept(rows);
    found.transaction.entries = events_of(database, id);
    return found;
}

std::optional<std::int64_t> id_of_provider_id(
    Database& database, Processor processor, std::string_view provider_id
) {
    if (provider_id.empty()) return {};
    return id_or_nothing(database.query(
        "SELECT id FROM transactions WHERE processor = ?1 AND provider_id = ?2"
        " AND provider_id <> ''",
        name(processor), provider_id
    ));
}

std::optional<std::int64_t> holder_of_fee(
    Database& database, std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
) {
    return id_or_nothing(database.query(
        "SELECT id FROM transactions WHERE ticket_id = ?1 AND fee_type = ?2 AND holds_fee = 1"
        " AND id <> ?3 ORDER BY id LIMIT 1",
        ticket_id, fee_type, except
    ));
}

std::optional<std::int64_t> live_attempt(
    Database& database, std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
) {
    return id_or_nothing(database.query(
        "SELECT id FROM transactions WHERE ticket_id = ?1 AND fee_type = ?2 AND live = 1"
        " AND id <> ?3",
        ticket_id, fee_type, except
    ));
}

std::vector<std::int64_t> due(Database& database, Time now, int limit) {
    auto rows = database.query(
        "SELECT id FROM transactions WHERE check_at <= ?1 ORDER BY check_at, id LIMIT ?2", now,
        limit
    );
    std::vector<std::int64_t> ids;
    while (rows.next()) ids.push_back(rows.integer(0));
    return ids;
}

std::optional<Time> next_due(Database& database) {
    auto rows = database.query(
        "SELECT check_at FROM transactions WHERE check_at IS NOT NULL ORDER BY check_at LIMIT 1"
    );
    if (!rows.next()) return {};
    return rows.time(0);
}

}  // namespace payments::sqlite
