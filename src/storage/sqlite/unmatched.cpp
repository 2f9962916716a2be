#include "storage/sqlite/unmatched.hpp"

#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {

std::vector<UnmatchedMessage> claim_unmatched(Database& database, Time now, int limit) {
    static const auto sql =
        "SELECT " + std::string{from_row::claimed_message_columns} +
        " FROM unmatched CROSS JOIN notifications AS n ON n.id = notification_id" +
        std::string{ledger::due_messages};
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
