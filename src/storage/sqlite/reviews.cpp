#include "storage/sqlite/reviews.hpp"

#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {
namespace {

std::vector<Transaction> watched(Database& database) {
    std::vector<std::int64_t> ids;
    {
        auto rows = database.query(
            "SELECT id FROM transactions WHERE watched = 1 ORDER BY id LIMIT ?1",
            reviews_counted_max
        );
        while (rows.next()) ids.push_back(rows.integer(0));
    }
    std::vector<Transaction> transactions;
    for (const auto id : ids)
        if (auto found = kept(database, id)) transactions.push_back(std::move(found->transaction));
    return transactions;
}

std::vector<ListedMessage> stray_messages(Database& database, Time now) {
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

}  // namespace

Reviews reviews(Database& database, const ReviewQuery& query) {
    ReviewMaterial material{
        watched(database), stray_messages(database, query.now), dead_letters(database)};
    return list_reviews(std::move(material), query);
}

}  // namespace payments::sqlite
