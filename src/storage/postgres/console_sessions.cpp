#include "storage/rules/console_sessions.hpp"

#include "storage/postgres/store.hpp"

// Sessions of the back office: those of PostgresStore's members that know no payments.
namespace payments {

using postgres::Statement;

Task<void> PostgresStore::open_session(ConsoleSession session) {
    std::vector<Statement> statements{ledger::keep_session(session, [](const auto&... statement) {
        return Statement::of(statement...);
    })};
    statements.push_back(Statement::of(ledger::delete_surplus_sessions, session.sub));
    co_await change(std::move(statements));
}

Task<std::optional<ConsoleSession>> PostgresStore::session(std::string id_hash) {
    const auto rows = co_await ask(Statement::of(ledger::select_session, id_hash));
    if (rows.empty()) co_return std::nullopt;
    auto found = ledger::session_of(rows[0]);
    co_return found;
}

Task<void> PostgresStore::note_use(std::string id_hash, Time at) {
    std::vector<Statement> statements{Statement::of(ledger::use_session, at, id_hash)};
    co_await change(std::move(statements));
}

Task<bool> PostgresStore::end_session(std::string id_hash) {
    std::vector<Statement> statements{Statement::of(ledger::delete_session, id_hash)};
    const auto answers = co_await change(std::move(statements));
    co_return answers[0].changed() > 0;
}

Task<void> PostgresStore::forget_sessions(Time now, Time unused_since) {
    std::vector<Statement> statements{
        Statement::of(ledger::delete_old_sessions, now, unused_since)};
    co_await change(std::move(statements));
}

}  // namespace payments
