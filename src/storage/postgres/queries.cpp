#include "storage/postgres/queries.hpp"

#include <algorithm>
#include <limits>

#include "storage/rules/actions.hpp"
#include "storage/rules/outbox.hpp"
#include "storage/rules/rows.hpp"

namespace payments::postgres {
namespace {

// Attempts named t, with their facts f behind them.
const auto attempt_columns = from_row::prefixed("t", from_row::transaction_columns) + ", " +
                             from_row::prefixed("f", from_row::entry_columns);
const std::string with_facts = " LEFT JOIN facts f ON f.transaction_id = t.id ";
const std::string in_order = " ORDER BY t.id, f.seq";

const auto of_ticket = "SELECT " + attempt_columns + " FROM transactions t" + with_facts +
                       "WHERE t.ticket_id = $1" + in_order;
const auto of_id = "SELECT " + attempt_columns + " FROM transactions t" + with_facts +
                   "WHERE t.id = $1" + in_order;
std::string page_without(std::span<const std::string_view> columns) {
    return "SELECT " + from_row::emptied(attempt_columns, columns) +
           " FROM (SELECT * FROM transactions" + std::string{from_row::page_condition} + ") t" +
           with_facts + in_order;
}
const auto of_page = page_without(from_row::not_of_pages);
// Little of each attempt and each entry, for there are millions. Their rows stand under one
// another, those of attempts with 0 for the number of an entry. Joined, each entry would repeat its
// attempt, and the planner, which cannot know how many attempts are meant, would look for the
// entries of each by themselves. One statement, so that both are of one moment. Entries of attempts
// that lie between those of the page may be among them.
std::string of_money(
    const std::string& condition, const std::string& entries, std::string_view more = "",
    std::string_view more_of_entries = ""
) {
    return "WITH t AS (SELECT " + std::string{from_row::money_columns}.append(more) +
           " FROM transactions" + condition + ") SELECT t.*, 0 FROM t UNION ALL SELECT " +
           "f.transaction_id, " + from_row::prefixed("f", from_row::money_entry_columns) +
           std::string{more_of_entries} +
           ", f.seq FROM facts AS f WHERE f.transaction_id >= (SELECT min(id) FROM t)"
           " AND f.transaction_id <= (SELECT max(id) FROM t) AND " +
           entries;
}
const auto of_page_of_money =
    of_money(std::string{from_row::page_condition}, from_row::are_of_money());
const auto of_moved = of_money(
    std::string{from_row::moved_condition} + " AND ($6 OR scope_id = ANY($7::bigint[]))",
    "($6 OR f.transaction_id IN (SELECT id FROM t)) AND (" + from_row::are_of_money() +
        " OR f.transaction_id IN (SELECT id FROM t WHERE status = 'review'))",
    ", " + std::string{from_row::moved_columns}, ", NULL, NULL"
);
const auto of_watched = "SELECT " + attempt_columns +
                        " FROM (SELECT * FROM transactions WHERE watched ORDER BY id LIMIT $1) t" +
                        with_facts + in_order;

const auto of_overdue = "SELECT " + attempt_columns + " FROM (SELECT * FROM transactions" +
                        std::string{from_row::overdue_condition} + ") t" + with_facts + in_order;

const auto select_filtered =
    "SELECT " + std::string{from_row::outgoing_columns} + std::string{ledger::filtered_events};
const auto has_due = "SELECT id FROM transactions" + std::string{ledger::due_attempts} + " LIMIT 1";
const auto has_due_message =
    "SELECT notification_id FROM unmatched" + std::string{ledger::due_messages} + " LIMIT 1";
const auto has_due_event =
    "SELECT o.id FROM outbox AS o" + std::string{ledger::due_events} + " LIMIT 1";

// Waiting events are counted up to 100,000 only: where no receiver was ever set up there may be
// millions, and metrics ask for this again and again.
constexpr std::string_view waiting_and_dead =
    "SELECT count(*), min(at), (SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL AND NOT"
    " skipped) + (SELECT count(*) FROM settlement_events WHERE dead_at IS NOT NULL AND NOT skipped)"
    " FROM ((SELECT at FROM outbox WHERE delivered_at IS NULL AND dead_at IS NULL"
    " ORDER BY next_at, id LIMIT 100000) UNION ALL"
    " (SELECT at FROM settlement_events WHERE delivered_at IS NULL AND dead_at IS NULL)) AS "
    "waiting";

const auto all_dead_letters = "SELECT " + from_row::dead_letter_columns() +
                              " FROM outbox o JOIN transactions t ON t.id = o.transaction_id"
                              " WHERE o.dead_at IS NOT NULL AND NOT o.skipped";
const auto dead_letters = all_dead_letters + " ORDER BY o.id LIMIT $1";
const auto dead_letter = all_dead_letters + " AND o.id = $1";
const auto all_unmatched = "SELECT " + std::string{from_row::listed_message_columns} +
                           " FROM notifications AS n WHERE received_at >= $1 AND" +
                           std::string{from_row::is_unmatched};
const auto unmatched_messages = all_unmatched + " ORDER BY received_at, id LIMIT $2";
const auto unmatched_message = all_unmatched + " AND id = $2";

// By kind. The database cuts the notes of watched attempts up, so that the loop reads ten rows and
// not ten thousand. What was put off or closed is left out, as shown_as() says of one entry.
const auto review_counts =
    "WITH listed(kind, number, dead_at) AS (SELECT split_part(c, '@', 1), t.id, NULL::bigint"
    " FROM (SELECT id, concerns FROM transactions WHERE watched ORDER BY id LIMIT $2) AS t,"
    " unnest(string_to_array(concerns, ' ')) AS c WHERE split_part(c, '@', 2)::bigint <= $4"
    " AND coalesce(nullif(split_part(c, '@', 3), '')::bigint, $4) >= $4 UNION ALL SELECT '" +
    std::string{name(ReviewKind::unmatched_message)} +
    "', m.id, NULL FROM (SELECT id FROM notifications AS n WHERE received_at >= $3 AND" +
    std::string{from_row::is_unmatched} + " LIMIT $2) AS m UNION ALL SELECT '" +
    std::string{name(ReviewKind::dead_letter)} +
    "', o.id, o.dead_at FROM (SELECT id, dead_at FROM outbox WHERE dead_at IS NOT NULL"
    " AND NOT skipped LIMIT $2) AS o UNION ALL SELECT '" +
    std::string{name(ReviewKind::overdue)} + "', a.id, NULL FROM (SELECT id FROM transactions" +
    std::string{from_row::overdue_condition} +
    ") AS a) SELECT listed.kind, count(*) FROM listed LEFT JOIN LATERAL"
    " (SELECT transaction_id, details::json AS said FROM actions WHERE kind = 'review'"
    " AND about = listed.kind || ' ' || listed.number ORDER BY seq DESC LIMIT 1) AS last ON true"
    " WHERE last.said IS NULL OR last.said->>'stands_on' <> CASE WHEN last.transaction_id IS NULL"
    " THEN '' ELSE (SELECT count(*) FROM facts WHERE transaction_id = last.transaction_id)"
    " || coalesce('@' || listed.dead_at, '') END OR NOT (last.said->>'as' = 'closed'"
    " OR last.said->>'as' = 'snoozed' AND (last.said->>'until')::bigint > $4) GROUP BY 1";

// Those named in $1.
const auto newest_reviews = "SELECT DISTINCT ON (about) " + std::string{ledger::action_columns} +
                            " FROM actions WHERE kind = 'review' AND about = ANY($1::text[])"
                            " ORDER BY about, seq DESC";

// A pooler that spreads questions over servers (pgpool) sends what calls a volatile function to the
// one that writes; what only reads settings a standby might answer.
#define READS_ONLY "pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'"

}  // namespace

Statement ask_reads_only() { return Statement{"SELECT " READS_ONLY}; }

Statement ask_readiness() {
    return Statement{"SELECT " READS_ONLY ", (SELECT max(version) FROM schema_migrations)"};
}
#undef READS_ONLY

Statement ask_ticket_ids(std::int64_t after, int limit) {
    return Statement::of(
        "SELECT DISTINCT ticket_id FROM transactions WHERE ticket_id > $1 ORDER BY ticket_id"
        " LIMIT $2",
        after, limit
    );
}

Statement ask_newest_attempt() {
    return Statement::of("SELECT id, created_at FROM transactions ORDER BY id DESC LIMIT 1");
}

std::vector<std::int64_t> read_numbers(const ResultSet& rows) {
    std::vector<std::int64_t> numbers;
    for (int i = 0; i < rows.size(); ++i) numbers.push_back(rows[i].integer(0));
    return numbers;
}

Statement ask_transactions_of(std::int64_t ticket_id) {
    return Statement::of(of_ticket, ticket_id);
}
Statement ask_transaction(std::int64_t id) { return Statement::of(of_id, id); }

Statement ask_page(const PageRequest& request) {
    return Statement::of(
        request.is_of_money ? of_page_of_money : of_page, request.after_id,
        request.opened_since.value_or(Time::min()), request.only_open, request.limit
    );
}

Statement ask_end_of_moved(std::int64_t after, int limit) {
    return Statement::of(from_row::end_of_moved, after, limit);
}

Statement ask_moved(const MovedRequest& request, const std::optional<std::int64_t>& end) {
    return Statement{
        of_moved,
        {value(request.after_id), value(end.value_or(std::numeric_limits<std::int64_t>::max())),
         value(request.begun_before), value(request.begun_since.value_or(Time::min())),
         value(request.changed_since.value_or(Time::min())), value(request.is_everywhere),
         numbers(request.scope_ids)}};
}

std::vector<Transaction> read_transactions(const ResultSet& rows) {
    // A row for each entry, behind the columns of its attempt, those of one attempt side by side;
    // without entries one row, and NULL in it.
    constexpr auto columns = from_row::transaction_column_count;
    std::vector<Transaction> transactions;
    for (int i = 0; i < rows.size(); ++i) {
        const auto row = rows[i];
        if (transactions.empty() || transactions.back().id != row.integer(0))
            transactions.push_back(from_row::attempt_row(row).transaction);
        if (!row.is_null(columns))
            transactions.back().entries.push_back(from_row::event(row, columns));
    }
    return transactions;
}

namespace {

// What of_money() gives: behind the columns of an attempt the number of an entry.
template <class ReadAttempt>
std::vector<Transaction> read_of_money(const ResultSet& rows, int columns, ReadAttempt attempt) {
    struct Place {
        std::int64_t id, seq;
        int row;
        auto operator<=>(const Place&) const = default;
    };
    std::vector<Place> attempts, entries;
    for (int i = 0; i < rows.size(); ++i) {
        const Place place{rows[i].integer(0), rows[i].integer(columns), i};
        (place.seq == 0 ? attempts : entries).push_back(place);
    }
    // SQL promises no order, and the server takes them from indexes that have it.
    for (auto* places : {&attempts, &entries})
        if (!std::ranges::is_sorted(*places)) std::ranges::sort(*places);
    std::vector<Transaction> transactions;
    transactions.reserve(attempts.size());
    auto next = entries.begin();
    for (const auto& [id, none, i] : attempts) {
        auto& transaction = transactions.emplace_back(attempt(rows[i]));
        for (; next != entries.end() && next->id <= id; ++next)
            if (next->id == id)
                transaction.entries.push_back(from_row::money_entry(rows[next->row], 1));
    }
    return transactions;
}

}  // namespace

std::vector<Transaction> read_moved(const ResultSet& rows) {
    return read_of_money(rows, from_row::moved_column_count, from_row::moved_row<Row>);
}

std::vector<Transaction> read_page(const PageRequest& request, const ResultSet& rows) {
    if (!request.is_of_money) return read_transactions(rows);
    return read_of_money(rows, from_row::money_column_count, from_row::money_row<Row>);
}

Statement ask_next_due() {
    return Statement::of(
        "SELECT check_at FROM transactions WHERE check_at IS NOT NULL ORDER BY check_at LIMIT 1"
    );
}

Statement ask_has_due(const DueClaim& claim) {
    return Statement::of(has_due, claim.now, ledger::names_of(claim.accounts), claim.all_but_these);
}
Statement ask_has_unmatched(Time now) { return Statement::of(has_due_message, now); }
Statement ask_has_due_event(Time now) { return Statement::of(has_due_event, now); }

Statement ask_events(const EventFilter& which, std::int64_t after, int limit) {
    return ledger::with_filter(which, [&](const auto&... filter) {
        return Statement::of(select_filtered, after, filter..., limit);
    });
}

std::vector<OutgoingEvent> read_events(const ResultSet& rows) {
    std::vector<OutgoingEvent> events;
    for (int i = 0; i < rows.size(); ++i) events.push_back(from_row::outgoing(rows[i]));
    return events;
}

Statement ask_backlog() { return Statement::of(waiting_and_dead); }

Backlog read_backlog(const ResultSet& rows) {
    return {rows[0].integer(0), rows[0].integer(2), rows[0].time_or_null(1)};
}

Statement ask_review_counts(Time now) {
    const Time overdue_since = now - overdue_after;
    const Time oldest_message = now - messages_listed_for;
    return Statement::of(review_counts, overdue_since, reviews_counted_max, oldest_message, now);
}

ReviewCounts read_review_counts(const ResultSet& rows) {
    ReviewCounts counts{};
    for (int i = 0; i < rows.size(); ++i)
        counts[static_cast<std::size_t>(review_kind_of(rows[i].text(0)))] += rows[i].integer(1);
    return counts;
}

// Each statement sees a moment of its own, which a list for people bears.
std::vector<Statement> ask_reviews(Time now) {
    return {
        Statement::of(of_watched, reviews_counted_max),
        Statement::of(of_overdue, now - overdue_after, reviews_counted_max),
        Statement::of(unmatched_messages, now - messages_listed_for, reviews_counted_max),
        Statement::of(dead_letters, reviews_counted_max)};
}

namespace {

void add_messages(ReviewMaterial& material, const ResultSet& rows) {
    for (int i = 0; i < rows.size(); ++i)
        material.messages.push_back(from_row::listed_message(rows[i]));
}

void add_dead_letters(ReviewMaterial& material, const ResultSet& rows) {
    for (int i = 0; i < rows.size(); ++i)
        material.dead_letters.push_back(from_row::dead_letter(rows[i]));
}

}  // namespace

ReviewMaterial read_reviews(std::span<const ResultSet> answers) {
    ReviewMaterial material{read_transactions(answers[0]), {}, {}};
    for (auto& overdue : read_transactions(answers[1]))
        material.watched.push_back(std::move(overdue));
    add_messages(material, answers[2]);
    add_dead_letters(material, answers[3]);
    return material;
}

Statement ask_review(ReviewName entry, Time now) {
    if (entry.kind == ReviewKind::unmatched_message)
        return Statement::of(unmatched_message, now - messages_listed_for, entry.number);
    if (entry.kind == ReviewKind::dead_letter) return Statement::of(dead_letter, entry.number);
    return ask_transaction(entry.number);
}

ReviewMaterial read_review(ReviewName entry, const ResultSet& rows) {
    ReviewMaterial material;
    if (entry.kind == ReviewKind::unmatched_message)
        add_messages(material, rows);
    else if (entry.kind == ReviewKind::dead_letter)
        add_dead_letters(material, rows);
    else
        material.watched = read_transactions(rows);
    return material;
}

Statement ask_handled(const std::vector<std::string>& names) {
    Statement question{newest_reviews};
    question.values.push_back(texts(names));
    return question;
}

void read_handled(ReviewMaterial& material, const ResultSet& rows) {
    for (int i = 0; i < rows.size(); ++i) {
        auto action = ledger::action_row(rows[i]);
        auto name = action.about;
        material.handled.emplace(std::move(name), std::move(action));
    }
}

Statement ask_actions_of(std::int64_t transaction_id, std::optional<ActionKind> kind) {
    static const auto sql =
        "SELECT " + std::string{ledger::action_columns} + std::string{ledger::actions_of_chain};
    return Statement::of(sql, transaction_id, kind ? name(*kind) : "", story_max);
}

std::vector<Action> read_actions(const ResultSet& rows) {
    std::vector<Action> actions;
    for (int i = rows.size() - 1; i >= 0; --i) actions.push_back(ledger::action_row(rows[i]));
    return actions;
}

}  // namespace payments::postgres
