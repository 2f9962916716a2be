#include "storage/postgres/find.hpp"

#include <algorithm>
#include <map>

#include "storage/rules/rows.hpp"

namespace payments::postgres {
namespace {

using ledger::FindCursor;
using ledger::Search;
using Kind = FindCursor::Kind;

// "$14", the n-th parameter behind those of the conditions, if there are any.
std::string parameter(int n, bool has_conditions) {
    return "$" + std::to_string(n + (has_conditions ? ledger::find_condition_count : 0));
}

// How a cursor says where its rows are: with the texts `word` and `processor`, and `number`.
std::string place_of(Kind kind) {
    switch (kind) {
        case Kind::all:
            return "true";
        // No equality, and the order of the index: where the server's statistics know of few scopes
        // it would otherwise go down the primary key, through everything beside a scope that is
        // new.
        case Kind::of_scope:
            return "scope_id >= a.number AND (scope_id, id) < (a.number, a.before)";
        case Kind::rare:
            return "status = a.word AND " + std::string{ledger::is_rare};
        case Kind::rare_of_scope:
            return "scope_id = a.number AND status = a.word AND " + std::string{ledger::is_rare};
        case Kind::transaction:
            return "id = a.number";
        case Kind::ticket:
            return "ticket_id = a.number";
        case Kind::provider_id:
            return "provider_id = a.word AND processor = a.of AND provider_id <> ''";
        // The address itself besides: eight bytes of a hash may be those of another.
        case Kind::email:
            return "hashtextextended(lower(email COLLATE \"C\"), 0) = hashtextextended(a.word, 0)"
                   " AND lower(email COLLATE \"C\") = a.word AND email <> ''";
        case Kind::refund_or_dispute:
            break;
    }
    // An array, so that the index of facts is asked first, whatever the planner thinks.
    return "id = ANY(ARRAY(SELECT transaction_id FROM facts WHERE subject = a.word AND " +
           std::string{ledger::facts_with_ids} + "))";
}

// Of all cursors of a kind that want more: LATERAL descends each one's index by itself, as far as
// it was asked to.
std::string sql_of(Kind kind, bool has_conditions) {
    const auto of = [&](int n) { return parameter(n, has_conditions); };
    const std::string fits{has_conditions ? ledger::find_conditions : "true"};
    const std::string order = kind == Kind::of_scope ? "scope_id DESC, id DESC" : "id DESC";
    const auto seen = has_conditions ? std::string{ledger::is_seen} + " AND " : std::string{};
    return "SELECT a.cursor, t.id, t.fits FROM unnest(" + of(1) + "::bigint[], " + of(2) +
           "::bigint[], " + of(3) + "::text[], " + of(4) + "::text[], " + of(5) + "::bigint[], " +
           of(6) +
           "::bigint[]) AS a(cursor, number, word, of, before, count) CROSS JOIN LATERAL"
           " (SELECT id, " +
           fits + " AS fits FROM transactions WHERE " + seen + place_of(kind) +
           " AND id < a.before ORDER BY " + order +
           " LIMIT a.count) AS t ORDER BY a.cursor, t.id DESC";
}

// A statement keeps no text of its own, so all of them live as long as the process.
std::string_view text_of(Kind kind, bool has_conditions) {
    static const auto texts = [] {
        std::map<std::pair<Kind, bool>, std::string> all;
        for (int i = 0; i <= static_cast<int>(Kind::refund_or_dispute); ++i)
            for (const bool conditions : {false, true})
                all[{static_cast<Kind>(i), conditions}] = sql_of(static_cast<Kind>(i), conditions);
        return all;
    }();
    return texts.at({kind, has_conditions});
}

// One of a kind, for the cursors of that kind.
struct Asked {
    std::vector<std::int64_t> cursors, numbers, before, counts;
    std::vector<std::string> words, processors;
};

std::string word_of(const FindCursor& cursor) {
    const bool is_by_status = cursor.kind == Kind::rare || cursor.kind == Kind::rare_of_scope;
    return is_by_status ? std::string{name(cursor.status)} : cursor.text;
}

// A row for each of the lines $2, in their order.
std::string_view bisect_sql(bool is_everywhere) {
    static const auto of = [](std::string_view newest, std::string_view opened_at) {
        return "SELECT (" + ledger::bisect(newest, opened_at) +
               ") FROM unnest($2::bigint[]) WITH ORDINALITY AS l(line, n) ORDER BY n";
    };
    static const auto everywhere = of(ledger::newest_of_all, ledger::opened_at_of_all);
    // In the words of place_of().
    static const auto of_scopes =
        of("SELECT id FROM transactions WHERE scope_id >= l.line AND scope_id <= l.line"
           " ORDER BY scope_id DESC, id DESC LIMIT 1",
           "SELECT created_at FROM transactions WHERE scope_id <= l.line"
           " AND (scope_id, id) >= (l.line, (lo + hi) / 2) ORDER BY scope_id, id LIMIT 1");
    return is_everywhere ? everywhere : of_scopes;
}

const auto messages_of_sql = "SELECT " + std::string{from_row::kept_message_columns} +
                             std::string{from_row::messages_of_transaction};
const auto message_with_number_sql = "SELECT " + std::string{from_row::kept_message_columns} +
                                     std::string{from_row::message_with_number};
const auto events_of_sql = "SELECT " + std::string{from_row::outgoing_columns} +
                           std::string{from_row::events_of_transaction};

constexpr auto with_ids = " FROM transactions WHERE id = ANY($1::bigint[]) ORDER BY id DESC";

}  // namespace

std::vector<Statement> ask_ranges(const FindQuery& query) {
    std::vector<Statement> questions;
    const auto lines = ledger::lines_of(query);
    if (lines.empty()) return questions;
    for (const auto moment : {ledger::moment_to_begin(query), ledger::moment_to_end(query)}) {
        if (!moment) continue;
        questions.push_back(Statement::of(bisect_sql(query.is_everywhere), *moment));
        questions.back().values.push_back(numbers(lines));
    }
    if (ledger::asks_paid_between(query))
        questions.push_back(Statement::of(
            ledger::paid_between, query.paid_from.value_or(Time::min()),
            query.paid_to.value_or(Time::max()), query.looked_at_max
        ));
    return questions;
}

ledger::IdRanges read_ranges(const FindQuery& query, std::span<const ResultSet> answers) {
    auto next = answers.begin();
    const auto* begins = ledger::moment_to_begin(query) ? &*next++ : nullptr;
    const auto* ends = ledger::moment_to_end(query) ? &*next++ : nullptr;
    std::optional<ledger::PaidBetween> paid;
    if (ledger::asks_paid_between(query))
        paid = ledger::PaidBetween{(*next)[0].integer(0), (*next)[0].integer(1)};
    ledger::IdRanges ranges;
    int row = 0;
    for (const auto line : ledger::lines_of(query)) {
        std::optional<std::int64_t> begin, end;
        if (begins) begin = (*begins)[row].integer(0);
        if (ends) end = (*ends)[row].integer(0);
        ranges[line] = ledger::range_of(query, begin, end, paid);
        ++row;
    }
    return ranges;
}

std::vector<Statement> ask_cursors(const Search& search, const FindQuery& query) {
    std::map<Kind, Asked> by_kind;
    const auto asks = search.asks();
    for (std::size_t i = 0; i < asks.size(); ++i) {
        const auto& cursor = search.cursor(asks[i]);
        auto& asked = by_kind[cursor.kind];
        asked.cursors.push_back(static_cast<std::int64_t>(i));
        asked.numbers.push_back(cursor.number);
        asked.words.push_back(word_of(cursor));
        asked.processors.emplace_back(name(cursor.processor));
        asked.before.push_back(asks[i].before);
        asked.counts.push_back(asks[i].count);
    }
    const bool has_conditions = ledger::has_conditions(query);
    std::vector<Statement> questions;
    for (const auto& [kind, asked] : by_kind) {
        auto question = Statement{text_of(kind, has_conditions)};
        if (has_conditions)
            question = ledger::with_conditions(
                ledger::conditions_of(query),
                [&](const auto&... conditions) {
                    return Statement::of(question.sql, conditions...);
                }
            );
        for (auto& list :
             {numbers(asked.cursors), numbers(asked.numbers), texts(asked.words),
              texts(asked.processors), numbers(asked.before), numbers(asked.counts)})
            question.values.push_back(list);
        questions.push_back(std::move(question));
    }
    return questions;
}

void read_cursors(Search& search, std::span<const ResultSet> answers) {
    const auto asks = search.asks();
    std::vector<std::vector<ledger::CursorRow>> rows_of(asks.size());
    for (const auto& rows : answers)
        for (int i = 0; i < rows.size(); ++i)
            rows_of[static_cast<std::size_t>(rows[i].integer(0))].push_back(
                {rows[i].integer(1), rows[i].flag(2)}
            );
    search.take(std::move(rows_of));
}

Statement ask_found(const std::vector<std::int64_t>& ids) {
    static const auto sql = "SELECT " + std::string{from_row::transaction_columns} + with_ids;
    Statement question{sql};
    question.values.push_back(numbers(ids));
    return question;
}

std::vector<Transaction> read_found(const FindQuery& query, const ResultSet& rows) {
    std::vector<Transaction> list;
    for (int i = 0; i < rows.size(); ++i) {
        auto found = from_row::attempt_row(rows[i]).transaction;
        const bool is_inside =
            found.scope_id &&
            std::ranges::find(query.scope_ids, *found.scope_id) != query.scope_ids.end();
        if (query.is_everywhere || is_inside) list.push_back(std::move(found));
    }
    return list;
}

Statement ask_messages_of(std::int64_t transaction_id) {
    return Statement::of(messages_of_sql, transaction_id, story_max);
}

std::vector<KeptMessage> read_messages(const ResultSet& rows) {
    std::vector<KeptMessage> messages;
    for (int i = rows.size() - 1; i >= 0; --i) messages.push_back(from_row::kept_message(rows[i]));
    return messages;
}

Statement ask_message(std::int64_t number) {
    return Statement::of(message_with_number_sql, number);
}

std::optional<KeptMessage> read_message(const ResultSet& rows) {
    if (rows.empty()) return {};
    auto found = from_row::kept_message(rows[0]);
    constexpr int body = from_row::body_of_kept_message;
    if (!rows[0].is_null(body)) found.body = rows[0].text(body);
    return found;
}

Statement ask_events_of(std::int64_t transaction_id) {
    return Statement::of(events_of_sql, transaction_id, story_max);
}

}  // namespace payments::postgres
