#include "storage/postgres/claims.hpp"

#include <map>

#include "storage/postgres/queries.hpp"
#include "storage/postgres/serving.hpp"
#include "storage/rules/rows.hpp"

namespace payments::postgres {
namespace {

const auto lock_due = "SELECT " + std::string{from_row::transaction_columns} +
                      " FROM transactions" + std::string{ledger::due_attempts} +
                      " LIMIT $4 FOR UPDATE SKIP LOCKED";
const auto facts_of_due = "SELECT " + std::string{from_row::entry_columns} +
                          ", transaction_id FROM facts WHERE transaction_id = ANY($1::bigint[])"
                          " ORDER BY transaction_id, seq";
constexpr std::string_view put_off_due =
    "UPDATE transactions AS t SET check_at = u.check_at, checks = u.checks"
    " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u(id, check_at, checks)"
    " WHERE t.id = u.id";
// OF u: the queue's rows alone, for messages are never changed.
const auto lock_unmatched =
    "SELECT " + std::string{from_row::claimed_message_columns} +
    " FROM unmatched AS u JOIN notifications AS n ON n.id = notification_id" +
    std::string{ledger::due_messages} + " LIMIT $2 FOR UPDATE OF u SKIP LOCKED";
constexpr std::string_view put_off_unmatched =
    "UPDATE unmatched AS m SET tries = u.tries, next_try_at = u.next_try_at"
    " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u(id, tries, next_try_at)"
    " WHERE m.notification_id = u.id";
// MATERIALIZED: chosen and locked once, before anything is changed. The time at which an event was
// due comes back with it, for the update overwrites it.
const auto claim_due_events = "WITH due AS MATERIALIZED (SELECT o.id, o.next_at FROM outbox AS o" +
                              std::string{ledger::due_events} +
                              " LIMIT $2 FOR UPDATE OF o SKIP LOCKED)"
                              " UPDATE outbox AS o SET next_at = $3 FROM due, transactions AS t"
                              " WHERE o.id = due.id AND t.id = o.transaction_id RETURNING " +
                              std::string{from_row::outgoing_columns} + ", due.next_at";

Task<ResultSet> ask_inside(
    const ServerAddress& address, PipelineConnection& connection, Statement question
) {
    auto statements = beginning(address);
    statements.push_back(std::move(question));
    auto answers = co_await connection.exchange(std::move(statements));
    co_return std::move(answers.back());
}

Task<void> write_and_commit(PipelineConnection& connection, std::string_view sql, Table table) {
    std::vector<Statement> writes;
    if (!table.empty()) writes.emplace_back(sql, table.values());
    writes.emplace_back("COMMIT");
    co_await connection.exchange(std::move(writes));
}

}  // namespace

// Facts are read behind the lock, when no other replica can add any, so the next check is planned
// from all that is known.
Task<std::vector<Transaction>> claim_due(
    const ServerAddress& address, PipelineConnection& connection, DueClaim claim
) {
    const auto names = ledger::names_of(claim.accounts);
    auto locked = Statement::of(lock_due, claim.now, names, claim.all_but_these, claim.limit);
    const auto rows = co_await ask_inside(address, connection, std::move(locked));
    std::vector<ledger::AttemptRow> due;
    std::map<std::int64_t, std::size_t> places;
    std::vector<std::int64_t> ids;
    for (int i = 0; i < rows.size(); ++i) {
        due.push_back(from_row::attempt_row(rows[i]));
        ids.push_back(due.back().transaction.id);
        places.emplace(ids.back(), due.size() - 1);
    }
    std::vector<Statement> questions;
    questions.emplace_back(facts_of_due, std::vector{numbers(ids)});
    const auto facts = co_await connection.exchange(std::move(questions));
    for (int i = 0; i < facts[0].size(); ++i) {
        auto& attempt = due[places.at(facts[0][i].integer(from_row::entry_column_count))];
        attempt.transaction.entries.push_back(from_row::event(facts[0][i]));
    }
    Table table{{Column::Of::numbers, Column::Of::numbers, Column::Of::numbers}};
    std::vector<Transaction> claimed;
    for (auto& attempt : due) {
        ledger::reschedule_check(attempt, claim.now, claim.leases);
        table.add(attempt.transaction.id, attempt.check_at, attempt.checks);
        claimed.push_back(std::move(attempt.transaction));
    }
    co_await write_and_commit(connection, put_off_due, std::move(table));
    co_return claimed;
}

Task<std::vector<UnmatchedMessage>> claim_unmatched(
    const ServerAddress& address, PipelineConnection& connection, Time now, int limit
) {
    auto locked = Statement::of(lock_unmatched, now, limit);
    const auto rows = co_await ask_inside(address, connection, std::move(locked));
    std::vector<UnmatchedMessage> claimed;
    Table table{{Column::Of::numbers, Column::Of::numbers, Column::Of::numbers}};
    for (int i = 0; i < rows.size(); ++i) {
        auto [message, tries, next_try_at] = from_row::claimed_message(rows[i], now);
        table.add(message.number, tries, next_try_at);
        claimed.push_back(std::move(message));
    }
    co_await write_and_commit(connection, put_off_unmatched, std::move(table));
    co_return claimed;
}

// One statement is a transaction by itself. RETURNING gives the rows in no order, so they are put
// in that of the claim again.
Task<std::vector<OutgoingEvent>> claim_events(
    const ServerAddress&, PipelineConnection& connection, Time now, int limit
) {
    std::vector<Statement> claim{
        Statement::of(claim_due_events, now, limit, ledger::event_lease_end(now))};
    const auto answers = co_await connection.exchange(std::move(claim));
    const auto& rows = answers[0];
    std::map<std::pair<Time, std::int64_t>, OutgoingEvent> longest_due_first;
    for (int i = 0; i < rows.size(); ++i) {
        const std::pair place{rows[i].time(from_row::outgoing_column_count), rows[i].integer(0)};
        longest_due_first.emplace(place, from_row::outgoing(rows[i]));
    }
    std::vector<OutgoingEvent> events;
    for (auto& [place, event] : longest_due_first) events.push_back(std::move(event));
    co_return events;
}

}  // namespace payments::postgres
