#include "storage/sqlite_unmatched.hpp"

#include "storage/sqlite_queries.hpp"

namespace payments::sqlite {

void try_again_later(Database& database, const Heard& heard, std::int64_t notification_id) {
    database.change(
        "INSERT INTO unmatched (notification_id, processor, provider_id, next_try_at)"
        " VALUES (?1, ?2, ?3, ?4)",
        notification_id, name(heard.message->processor), heard.subject.provider_id,
        ledger::next_try(0, heard.at)
    );
}

void wake_unmatched(
    Database& database, Processor processor, std::string_view provider_id, Time now
) {
    database.change(
        "UPDATE unmatched SET next_try_at = ?3"
        " WHERE processor = ?1 AND provider_id = ?2 AND provider_id <> ''",
        name(processor), provider_id, now
    );
}

std::vector<KeptMessage> claim_unmatched(Database& database, Time now, int limit) {
    std::vector<KeptMessage> claimed;
    std::vector<int> tries;
    {
        auto rows = database.query(
            "SELECT id, notifications.processor, identity, signature, body, received_at, tries"
            " FROM unmatched CROSS JOIN notifications ON id = notification_id"
            " WHERE next_try_at <= ?1 ORDER BY next_try_at LIMIT ?2",
            now, limit
        );
        while (rows.next()) {
            const auto processor = sound(database, processor_of(rows.text(1)));
            claimed.push_back({
                rows.integer(0),
                {processor, rows.text(2), rows.text(3), rows.text(4)},
                rows.time(5)
            });
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

bool match(Database& database, ledger::Kept& known, const Heard& heard) {
    auto message = database.query(
        "SELECT hash, (SELECT max(id) FROM notifications) FROM notifications"
        " WHERE id = ?1 AND transaction_id IS NULL",
        *heard.kept
    );
    if (!message.next()) return false;
    const auto id = known.transaction.id;
    auto hash = ledger::match_hash(known.messages_hash, id, message.text(0), heard.at);
    const bool is_new = database.change(
                            "INSERT INTO matches (notification_id, transaction_id, at,"
                            " newest_message, hash) VALUES (?1, ?2, ?3, ?4, ?5)"
                            " ON CONFLICT (notification_id) DO NOTHING",
                            *heard.kept, id, heard.at, message.integer(1), hash
                        ) == 1;
    if (!is_new) return false;
    database.change("DELETE FROM unmatched WHERE notification_id = ?1", *heard.kept);
    known.messages_hash = std::move(hash);
    return true;
}

}  // namespace payments::sqlite
