#include "storage/sqlite/claims.hpp"

#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {

std::vector<Transaction> claim_due(Database& database, const DueClaim& claim) {
    static const auto sql =
        "SELECT id FROM transactions" + std::string{ledger::due_attempts} + " LIMIT $4";
    // Read to the end before any is changed: which rows a query still gives after one of them was
    // changed, SQLite leaves open.
    std::vector<std::int64_t> due;
    {
        const auto names = ledger::names_of(claim.accounts);
        auto rows = database.query(sql, claim.now, names, claim.all_but_these, claim.limit);
        while (rows.next()) due.push_back(rows.integer(0));
    }
    std::vector<Transaction> claimed;
    for (const auto id : due) {
        auto attempt = attempt_row(database, id).value();
        ledger::reschedule_check(attempt, claim.now, claim.leases);
        database.change(
            "UPDATE transactions SET check_at = ?2, checks = ?3 WHERE id = ?1", id,
            attempt.check_at, attempt.checks
        );
        claimed.push_back(std::move(attempt.transaction));
    }
    return claimed;
}

std::vector<UnmatchedMessage> claim_unmatched(Database& database, Time now, int limit) {
    static const auto sql =
        "SELECT " + std::string{from_row::claimed_message_columns} +
        // CROSS: in this order. The queue is short, the table of messages is not.
        " FROM unmatched CROSS JOIN notifications AS n ON n.id = notification_id" +
        std::string{ledger::due_messages} + " LIMIT $2";
    std::vector<ledger::ClaimedMessage> due;
    {
        auto rows = database.query(sql, now, limit);
        while (rows.next()) due.push_back(from_row::claimed_message(rows, now));
    }
    std::vector<UnmatchedMessage> claimed;
    for (auto& [message, tries, next_try_at] : due) {
        database.change(
            "UPDATE unmatched SET tries = ?2, next_try_at = ?3 WHERE notification_id = ?1",
            message.number, tries, next_try_at
        );
        claimed.push_back(std::move(message));
    }
    return claimed;
}

}  // namespace payments::sqlite
