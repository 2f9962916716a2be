#include "storage/sqlite/unmatched.hpp"

#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {

std::vector<UnmatchedMessage> claim_unmatched(Database& database, Time now, int limit) {
    std::vector<UnmatchedMessage> claimed;
    std::vector<int> tries;
    {
        auto rows = database.query(
            "SELECT id, notifications.processor, identity, signature, body, received_at, tries"
            " FROM unmatched CROSS JOIN notifications ON id = notification_id"
            " WHERE next_try_at <= ?1 ORDER BY next_try_at LIMIT ?2",
            now, limit
        );
        while (rows.next()) {
            const auto processor = from_row::sound(processor_of(rows.text(1)));
            claimed.push_back(
                {rows.integer(0),
                 {processor, rows.text(2), rows.text(3), rows.text(4)},
                 rows.time(5)}
            );
            tries.push_back(static_cast<int>(rows.integer(6)) + 1);
        }
    }
    for (std::size_t i = 0; i < claimed.size(); ++i)
        database.change(
            "UPDATE unmatched SET tries = ?2, next_try_at = ?3 WHERE notification_id = ?1",
            claimed[i].number, tries[i], ledger::next_try(tries[i], now)
        );
    return claimed;
}

}  // namespace payments::sqlite
