#include "storage/rules/console_sessions.hpp"

#include <algorithm>
#include <iterator>

#include "storage/postgres/store.hpp"

// Sessions of the back office: those of PostgresStore's members that know no payments. Texts of
// statements are static: see postgres::Statement.
namespace payments {

using postgres::Statement;

namespace {

using postgres::ReadJob;
using postgres::ResultSet;
using postgres::WriteJob;

// All that this refers to is in the frame of the coroutine that waits for it.
Task<void> commit_apart(
    const postgres::ServerAddress& address, postgres::PipelineConnection& connection,
    const std::vector<Statement>& statements, std::vector<ResultSet>* answers
) {
    auto exchange = postgres::beginning(address);
    const auto before = static_cast<std::ptrdiff_t>(exchange.size());
    std::ranges::copy(statements, std::back_inserter(exchange));
    exchange.emplace_back("COMMIT");
    auto all = co_await connection.exchange(std::move(exchange));
    all.pop_back();
    all.erase(all.begin(), all.begin() + before);
    *answers = std::move(all);
}

// Of several rows: those that somebody else is at are left to them, or all are waited for, in an
// order in which no two deletions wait for one another.
constexpr std::string_view skipping_locked = " FOR UPDATE SKIP LOCKED";
constexpr std::string_view in_order = " ORDER BY id_hash FOR UPDATE";

}  // namespace

// In a transaction of its own, on a connection of their own.
Task<std::vector<ResultSet>> PostgresStore::change_session(std::vector<Statement> statements) {
    std::vector<ResultSet> answers;
    WriteJob change;
    change.alone = [&](postgres::PipelineConnection& connection) {
        return commit_apart(options_.address, connection, statements, &answers);
    };
    co_await session_changes_.run(std::move(change));
    co_return answers;
}

Task<void> PostgresStore::open_session(ConsoleSession session) {
    std::vector<Statement> statements{ledger::keep_session(session, [](const auto&... statement) {
        return Statement::of(statement...);
    })};
    static const auto surplus = ledger::delete_found(ledger::surplus_sessions, skipping_locked);
    statements.push_back(Statement::of(surplus, session.sub));
    co_await change_session(std::move(statements));
}

Task<std::optional<ConsoleSession>> PostgresStore::session(std::string id_hash) {
    std::vector<ResultSet> answers;
    std::vector<Statement> question{Statement::of(ledger::select_session, id_hash)};
    ReadJob read{std::move(question), &answers};
    co_await session_reads_.run(std::move(read));
    if (answers[0].empty()) co_return std::nullopt;
    auto found = ledger::session_of(answers[0][0]);
    co_return found;
}

Task<void> PostgresStore::note_use(std::string id_hash, Time at) {
    std::vector<Statement> statements{Statement::of(ledger::use_session, at, id_hash)};
    co_await change_session(std::move(statements));
}

Task<bool> PostgresStore::claim_renewal(std::string id_hash, Time seen, Time next) {
    std::vector<Statement> statements{Statement::of(ledger::move_renewal, next, id_hash, seen)};
    const auto answers = co_await change_session(std::move(statements));
    co_return answers[0].changed() > 0;
}

Task<bool> PostgresStore::keep_renewed(
    std::string id_hash, Time claimed, std::string sealed, Time renew_at
) {
    std::vector<Statement> statements{
        Statement::of(ledger::renew_session, sealed, renew_at, id_hash, claimed)};
    const auto answers = co_await change_session(std::move(statements));
    co_return answers[0].changed() > 0;
}

Task<bool> PostgresStore::end_unrenewed(std::string id_hash, Time claimed) {
    std::vector<Statement> statements{Statement::of(ledger::delete_unrenewed, id_hash, claimed)};
    const auto answers = co_await change_session(std::move(statements));
    co_return answers[0].changed() > 0;
}

Task<std::int64_t> PostgresStore::end_sessions_of(std::string provider_session, std::string sub) {
    static const auto of_person = ledger::delete_found(ledger::sessions_of_person, in_order);
    static const auto of_provider = ledger::delete_found(ledger::sessions_of_provider, in_order);
    std::vector<Statement> statements;
    if (provider_session.empty())
        statements.push_back(Statement::of(of_person, sub));
    else
        statements.push_back(Statement::of(of_provider, provider_session, sub));
    const auto answers = co_await change_session(std::move(statements));
    co_return answers[0].changed();
}

namespace {

std::vector<ConsoleSession> all_of(const ResultSet& rows) {
    std::vector<ConsoleSession> sessions;
    for (int i = 0; i < rows.size(); ++i) sessions.push_back(ledger::session_of(rows[i]));
    return sessions;
}

}  // namespace

Task<std::vector<ConsoleSession>> PostgresStore::sessions_of(std::string sub) {
    std::vector<ResultSet> answers;
    std::vector<Statement> question{Statement::of(ledger::select_sessions_of, sub)};
    ReadJob read{std::move(question), &answers};
    co_await session_reads_.run(std::move(read));
    co_return all_of(answers[0]);
}

Task<std::vector<ConsoleSession>> PostgresStore::end_own_sessions(
    std::string sub, std::string id_hash, Which which
) {
    static const auto that_one = ledger::take_found(ledger::own_session, in_order);
    static const auto others = ledger::take_found(ledger::own_other_sessions, in_order);
    std::vector<Statement> statements;
    statements.push_back(Statement::of(which == Which::that_one ? that_one : others, sub, id_hash));
    const auto answers = co_await change_session(std::move(statements));
    co_return all_of(answers[0]);
}

Task<bool> PostgresStore::end_session(std::string id_hash) {
    std::vector<Statement> statements{Statement::of(ledger::delete_session, id_hash)};
    const auto answers = co_await change_session(std::move(statements));
    co_return answers[0].changed() > 0;
}

Task<void> PostgresStore::forget_sessions(Time now, Time unused_since) {
    static const auto old = ledger::delete_found(ledger::old_sessions, skipping_locked);
    std::vector<Statement> statements{Statement::of(old, now, unused_since)};
    co_await change_session(std::move(statements));
}

}  // namespace payments
