#include "storage/sqlite/queries.hpp"

#include <algorithm>

#include "storage/rules/actions.hpp"

namespace payments::sqlite {
namespace {

const auto select_transactions =
    "SELECT " + std::string{from_row::transaction_columns} + " FROM transactions ";

std::vector<LedgerEntry> entries_of(Database& database, std::int64_t id) {
    static const auto sql = "SELECT " + std::string{from_row::entry_columns} +
                            " FROM facts WHERE transaction_id = ?1 ORDER BY seq";
    auto rows = database.query(sql, id);
    std::vector<LedgerEntry> events;
    while (rows.next()) events.push_back(from_row::event(rows));
    return events;
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
    while (rows.next()) transactions.push_back(from_row::attempt_row(rows).transaction);
    for (auto& transaction : transactions)
        transaction.entries = entries_of(database, transaction.id);
    return transactions;
}

std::vector<Transaction> page(Database& database, const PageRequest& request) {
    static const auto sql = select_transactions + std::string{from_row::page_condition};
    auto rows = database.query(
        sql, request.after_id, request.opened_since.value_or(Time::min()), request.only_open,
        request.limit
    );
    std::vector<Transaction> transactions;
    while (rows.next()) transactions.push_back(from_row::attempt_row(rows).transaction);
    for (auto& transaction : transactions)
        transaction.entries = entries_of(database, transaction.id);
    return transactions;
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

namespace {

std::vector<Transaction> watched(Database& database, Time now) {
    static const auto overdue =
        "SELECT id FROM transactions" + std::string{from_row::overdue_condition};
    std::vector<std::int64_t> ids;
    {
        auto rows = database.query(
            "SELECT id FROM transactions WHERE watched = 1 ORDER BY id LIMIT ?1",
            reviews_counted_max
        );
        while (rows.next()) ids.push_back(rows.integer(0));
    }
    {
        auto rows = database.query(overdue, Time{now - overdue_after}, reviews_counted_max);
        while (rows.next()) ids.push_back(rows.integer(0));
    }
    std::vector<Transaction> transactions;
    for (const auto id : ids)
        if (auto found = attempt_row(database, id))
            transactions.push_back(std::move(found->transaction));
    return transactions;
}

std::vector<ListedMessage> unmatched_messages(Database& database, Time now) {
    static const auto sql = "SELECT " + std::string{from_row::listed_message_columns} +
                            " FROM notifications AS n INDEXED BY notifications_unmatched"
                            " WHERE received_at >= ?1 AND" +
                            std::string{from_row::is_unmatched} +
                            " ORDER BY received_at, id LIMIT ?2";
    auto rows = database.query(sql, Time{now - messages_listed_for}, reviews_counted_max);
    std::vector<ListedMessage> messages;
    while (rows.next()) messages.push_back(from_row::listed_message(rows));
    return messages;
}

std::vector<DeadLetter> dead_letters(Database& database) {
    static const auto sql = "SELECT " + from_row::dead_letter_columns() +
                            " FROM outbox o JOIN transactions t ON t.id = o.transaction_id"
                            " WHERE o.dead_at IS NOT NULL AND o.skipped = 0 ORDER BY o.id LIMIT ?1";
    auto rows = database.query(sql, reviews_counted_max);
    std::vector<DeadLetter> letters;
    while (rows.next()) letters.push_back(from_row::dead_letter(rows));
    return letters;
}

// The number that is the whole answer.
std::int64_t single_number(Rows rows) {
    rows.next();
    return rows.integer(0);
}

std::int64_t& count_in(ReviewCounts& counts, ReviewKind kind) {
    return counts[static_cast<std::size_t>(kind)];
}

}  // namespace

ReviewCounts review_counts(Database& database, Time now) {
    static const auto unmatched =
        "SELECT count(*) FROM (SELECT 1 FROM notifications AS n INDEXED BY notifications_unmatched"
        " WHERE received_at >= ?1 AND" +
        std::string{from_row::is_unmatched} + " LIMIT ?2)";
    ReviewCounts counts{};
    auto notes = database.query(
        "SELECT concerns FROM transactions WHERE watched = 1 ORDER BY id LIMIT ?1",
        reviews_counted_max
    );
    while (notes.next()) count_noted(notes.text(0), now, counts);
    static const auto overdue = "SELECT count(*) FROM (SELECT 1 FROM transactions" +
                                std::string{from_row::overdue_condition} + ")";
    count_in(counts, ReviewKind::overdue) +=
        single_number(database.query(overdue, Time{now - overdue_after}, reviews_counted_max));
    const Time oldest = now - messages_listed_for;
    count_in(counts, ReviewKind::unmatched_message) =
        single_number(database.query(unmatched, oldest, reviews_counted_max));
    count_in(counts, ReviewKind::dead_letter) = single_number(database.query(
        "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE dead_at IS NOT NULL AND skipped = 0"
        " LIMIT ?1)",
        reviews_counted_max
    ));
    return counts;
}

Reviews reviews(Database& database, const ReviewQuery& query) {
    ReviewMaterial material{
        watched(database, query.now), unmatched_messages(database, query.now),
        dead_letters(database)};
    return list_reviews(std::move(material), query);
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
