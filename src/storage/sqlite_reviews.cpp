#include "storage/sqlite_reviews.hpp"

#include <algorithm>

#include "storage/sqlite_queries.hpp"

namespace payments::sqlite {
namespace {

using namespace std::chrono_literals;

constexpr int counted_max = 10'000;
constexpr auto messages_listed = std::chrono::days{30};

struct Entry {
    ReviewPlace place;
    std::string reason;
};
using Entries = std::vector<Entry>;

void add_transactions(Database& database, Time now, Entries& entries) {
    std::vector<std::int64_t> ids;
    {
        auto rows = database.query(
            "SELECT id FROM transactions WHERE watched = 1 ORDER BY id LIMIT ?1", counted_max
        );
        while (rows.next()) ids.push_back(rows.integer(0));
    }
    for (const auto id : ids) {
        const auto found = kept(database, id);
        if (!found) continue;
        for (auto& concern : concerns_of(found->transaction, now))
            entries.push_back({
                {concern.since, concern.kind, id},
                std::move(concern.reason)
            });
    }
}

void add_messages(Database& database, Time now, Entries& entries) {
    auto rows = database.query(
        "SELECT id, received_at, unmatched_reason"
        " FROM notifications AS n INDEXED BY notifications_unmatched"
        " WHERE transaction_id IS NULL AND received_at >= ?1"
        " AND NOT EXISTS (SELECT 1 FROM matches WHERE notification_id = n.id)"
        " ORDER BY received_at, id LIMIT ?2",
        Time{now - messages_listed}, counted_max
    );
    while (rows.next())
        entries.push_back({
            {rows.time(1), ReviewKind::unmatched_message, rows.integer(0)},
            rows.text(2)
        });
}

void add_dead_letters(Database& database, Entries& entries) {
    auto rows = database.query(
        "SELECT id, dead_at, type, tries, last_error FROM outbox"
        " WHERE dead_at IS NOT NULL AND skipped = 0 ORDER BY id LIMIT ?1",
        counted_max
    );
    while (rows.next()) {
        auto reason = rows.text(2) + " was given up after " + rows.text(3) + " tries";
        if (const auto why = rows.text(4); !why.empty()) reason += ": " + why;
        entries.push_back({
            {rows.time(1), ReviewKind::dead_letter, rows.integer(0)},
            std::move(reason)
        });
    }
}

std::int64_t transaction_of_event(Database& database, std::int64_t number) {
    auto rows = database.query("SELECT transaction_id FROM outbox WHERE id = ?1", number);
    return rows.next() ? rows.integer(0) : 0;
}

StrayMessage message(Database& database, std::int64_t number) {
    auto rows = database.query(
        "SELECT processor, identity, received_at FROM notifications WHERE id = ?1", number
    );
    rows.next();
    return {sound(database, processor_of(rows.text(0))), rows.text(1), rows.time(2)};
}

Review review_of(Database& database, Entry entry) {
    Review review{entry.place, std::move(entry.reason)};
    auto id = entry.place.number;
    if (entry.place.kind == ReviewKind::unmatched_message) {
        review.message = message(database, id);
        return review;
    }
    if (entry.place.kind == ReviewKind::dead_letter) id = transaction_of_event(database, id);
    if (auto found = kept(database, id)) {
        review.transaction = std::move(found->transaction);
        review.transaction->events.clear();
    }
    return review;
}

}  // namespace

Reviews reviews(Database& database, const ReviewQuery& query) {
    Entries entries;
    add_transactions(database, query.now, entries);
    add_messages(database, query.now, entries);
    add_dead_letters(database, entries);

    Reviews reviews;
    for (const auto& entry : entries) ++reviews.counts[static_cast<std::size_t>(entry.place.kind)];
    std::ranges::sort(entries, {}, &Entry::place);
    auto from = entries.begin();
    if (query.after) from = std::ranges::upper_bound(entries, *query.after, {}, &Entry::place);
    for (; from != entries.end() && reviews.list.size() < query.limit; ++from)
        reviews.list.push_back(review_of(database, std::move(*from)));
    reviews.is_end = from == entries.end();
    return reviews;
}

}  // namespace payments::sqlite
