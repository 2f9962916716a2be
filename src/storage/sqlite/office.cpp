#include "storage/sqlite/office.hpp"

#include <array>

#include "storage/rules/actions.hpp"
#include "storage/rules/changes.hpp"
#include "storage/rules/office.hpp"
#include "storage/sqlite/books.hpp"
#include "storage/sqlite/outbox.hpp"
#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {
namespace {

std::vector<std::int64_t> numbers_in(Rows rows) {
    std::vector<std::int64_t> numbers;
    while (rows.next()) numbers.push_back(rows.integer(0));
    return numbers;
}

std::vector<std::int64_t> overdue_ids(Database& database, Time now) {
    static const auto sql =
        "SELECT id FROM transactions" + std::string{from_row::overdue_condition};
    return numbers_in(database.query(sql, Time{now - overdue_after}, reviews_counted_max));
}

std::vector<Transaction> watched(Database& database, Time now) {
    auto ids = numbers_in(database.query(
        "SELECT id FROM transactions WHERE watched = 1 ORDER BY id LIMIT ?1", reviews_counted_max
    ));
    for (const auto id : overdue_ids(database, now)) ids.push_back(id);
    std::vector<Transaction> transactions;
    for (const auto id : ids)
        if (auto found = attempt_row(database, id))
            transactions.push_back(std::move(found->transaction));
    return transactions;
}

std::vector<ListedMessage> messages_in(Rows rows) {
    std::vector<ListedMessage> messages;
    while (rows.next()) messages.push_back(from_row::listed_message(rows));
    return messages;
}

std::vector<ListedMessage> unmatched_messages(Database& database, Time now) {
    static const auto sql = "SELECT " + std::string{from_row::listed_message_columns} +
                            " FROM notifications AS n INDEXED BY notifications_unmatched"
                            " WHERE received_at >= ?1 AND" +
                            std::string{from_row::is_unmatched} +
                            " ORDER BY received_at, id LIMIT ?2";
    return messages_in(database.query(sql, Time{now - messages_listed_for}, reviews_counted_max));
}

std::vector<ListedMessage> unmatched_message(Database& database, std::int64_t number, Time now) {
    static const auto sql = "SELECT " + std::string{from_row::listed_message_columns} +
                            " FROM notifications AS n WHERE received_at >= ?1 AND id = ?2 AND" +
                            std::string{from_row::is_unmatched};
    return messages_in(database.query(sql, Time{now - messages_listed_for}, number));
}

const auto select_dead_letters = "SELECT " + from_row::dead_letter_columns() +
                                 " FROM outbox o JOIN transactions t ON t.id = o.transaction_id"
                                 " WHERE o.dead_at IS NOT NULL AND o.skipped = 0";

std::vector<DeadLetter> letters_in(Rows rows) {
    std::vector<DeadLetter> letters;
    while (rows.next()) letters.push_back(from_row::dead_letter(rows));
    return letters;
}

std::vector<DeadLetter> dead_letters(Database& database) {
    static const auto sql = select_dead_letters + " ORDER BY o.id LIMIT ?1";
    return letters_in(database.query(sql, reviews_counted_max));
}

std::vector<DeadLetter> dead_letter(Database& database, std::int64_t number) {
    static const auto sql = select_dead_letters + " AND o.id = ?1";
    return letters_in(database.query(sql, number));
}

ReviewMaterial material_of(Database& database, ReviewName entry, Time now) {
    ReviewMaterial material;
    if (entry.kind == ReviewKind::unmatched_message)
        material.messages = unmatched_message(database, entry.number, now);
    else if (entry.kind == ReviewKind::dead_letter)
        material.dead_letters = dead_letter(database, entry.number);
    else if (auto found = transaction(database, entry.number))
        material.watched.push_back(std::move(*found));
    return material;
}

void add_handled(Database& database, ReviewMaterial& material, Time now) {
    for (const auto& name : names_of(material, now))
        if (auto action = newest_review(database, name))
            material.handled.emplace(name, std::move(*action));
}

std::int64_t count_facts(Database& database, std::int64_t transaction_id) {
    auto rows =
        database.query("SELECT count(*) FROM facts WHERE transaction_id = ?1", transaction_id);
    rows.next();
    return rows.integer(0);
}

// Counts entries that nobody has put off or closed.
class Counting {
public:
    Counting(Database& database, Time now) : database_(database), now_(now) {}

    void transaction(ReviewKind kind, std::int64_t id) {
        count({kind, id}, [&] { return stands_on(count_facts(database_, id)); });
    }
    void message(std::int64_t number) {
        count({ReviewKind::unmatched_message, number}, [] { return std::string{}; });
    }
    void dead_letter(std::int64_t number, std::int64_t transaction_id, Time dead_at) {
        count({ReviewKind::dead_letter, number}, [&] {
            return stands_on(count_facts(database_, transaction_id), dead_at);
        });
    }
    ReviewCounts counts{};

private:
    template <class StandsOn>
    void count(ReviewName entry, StandsOn stands_on_now) {
        const auto newest = newest_review(database_, entry.text());
        const auto last = newest ? handled_of(*newest) : std::nullopt;
        if (last && shown_as(last, stands_on_now(), now_) != Shown::open) return;
        ++counts[static_cast<std::size_t>(entry.kind)];
    }

    Database& database_;
    const Time now_;
};

}  // namespace

std::optional<Action> newest_review(Database& database, std::string_view about) {
    static const auto sql =
        "SELECT " + std::string{ledger::action_columns} + std::string{ledger::newest_review_action};
    auto rows = database.query(sql, about);
    if (!rows.next()) return {};
    return ledger::action_row(rows);
}

std::optional<Review> review(Database& database, ReviewName entry, Time now) {
    auto material = material_of(database, entry, now);
    add_handled(database, material, now);
    return find_review(std::move(material), entry, now);
}

Reviews reviews(Database& database, const ReviewQuery& query) {
    ReviewMaterial material{
        watched(database, query.now), unmatched_messages(database, query.now),
        dead_letters(database)};
    add_handled(database, material, query.now);
    return list_reviews(std::move(material), query);
}

ReviewCounts review_counts(Database& database, Time now) {
    static const auto unmatched =
        "SELECT id FROM notifications AS n INDEXED BY notifications_unmatched"
        " WHERE received_at >= ?1 AND" +
        std::string{from_row::is_unmatched} + " LIMIT ?2";
    Counting counting{database, now};
    auto notes = database.query(
        "SELECT id, concerns FROM transactions WHERE watched = 1 ORDER BY id LIMIT ?1",
        reviews_counted_max
    );
    while (notes.next())
        for (const auto kind : kinds_noted(notes.text(1), now))
            counting.transaction(kind, notes.integer(0));
    for (const auto id : overdue_ids(database, now)) counting.transaction(ReviewKind::overdue, id);
    const Time oldest = now - messages_listed_for;
    for (const auto number : numbers_in(database.query(unmatched, oldest, reviews_counted_max)))
        counting.message(number);
    auto dead = database.query(
        "SELECT id, transaction_id, dead_at FROM outbox WHERE dead_at IS NOT NULL AND skipped = 0"
        " LIMIT ?1",
        reviews_counted_max
    );
    while (dead.next()) counting.dead_letter(dead.integer(0), dead.integer(1), dead.time(2));
    return counting.counts;
}

ActionsPage actions(Database& database, const ActionsQuery& query) {
    using ledger::ActionsLine;
    static const std::array sql{
        ledger::actions_sql(ActionsLine::all), ledger::actions_sql(ActionsLine::transaction),
        ledger::actions_sql(ActionsLine::person), ledger::actions_sql(ActionsLine::scope)};
    std::vector<Action> found;
    ledger::with_actions(query, [&](ActionsLine line, const auto&... parameters) {
        auto rows = database.query(sql[static_cast<std::size_t>(line)], parameters...);
        while (rows.next()) found.push_back(ledger::action_row(rows));
    });
    return ledger::page_of(std::move(found), query.limit);
}

std::int64_t change_events(Database& database, const EventsChange& change) {
    SqliteBooks books{database};
    for (const auto& action : change.actions) ledger::apply_action(books, action).value();
    std::int64_t changed = 0;
    for (const auto& id : change.ids) {
        EventFilter which;
        which.id = id;
        changed += change.skips ? skip_events(database, which, change.now)
                                : replay_events(database, which, change.now);
    }
    return changed;
}

MessagesPage find_messages(Database& database, const MessagesQuery& query) {
    static const auto all =
        "SELECT " + std::string{ledger::listed_kept_columns} + std::string{ledger::all_messages};
    static const auto unmatched = "SELECT " + std::string{ledger::listed_kept_columns} +
                                  std::string{ledger::unmatched_messages_listed};
    auto rows = database.query(
        query.is_unmatched_only ? unmatched : all,
        query.after.value_or(std::numeric_limits<std::int64_t>::max()),
        static_cast<std::int64_t>(query.limit) + 1
    );
    std::vector<ListedKeptMessage> found;
    while (rows.next()) found.push_back(ledger::listed_kept_message(rows));
    return ledger::page_of(std::move(found), query.limit);
}

std::optional<RetriableMessage> retriable_message(Database& database, std::int64_t number) {
    const bool is_waiting = database.query(ledger::select_waiting, number).next();
    auto rows = database.query(ledger::select_retriable, number);
    if (!rows.next()) return {};
    return ledger::retriable_message(rows, is_waiting);
}

}  // namespace payments::sqlite
