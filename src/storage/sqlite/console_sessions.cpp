#include "storage/sqlite/console_sessions.hpp"

#include "storage/rules/console_sessions.hpp"

namespace payments::sqlite {

namespace {

std::vector<ConsoleSession> all_of(Rows rows) {
    std::vector<ConsoleSession> sessions;
    while (rows.next()) sessions.push_back(ledger::session_of(rows));
    return sessions;
}

}  // namespace

void open_session(Database& database, const ConsoleSession& session) {
    ledger::keep_session(session, [&](const auto&... statement) {
        return database.change(statement...);
    });
    database.change(ledger::delete_found(ledger::surplus_sessions), session.sub);
}

std::optional<ConsoleSession> session(Database& database, std::string_view id_hash) {
    auto rows = database.query(ledger::select_session, id_hash);
    if (!rows.next()) return {};
    return ledger::session_of(rows);
}

void note_use(Database& database, std::string_view id_hash, Time at) {
    database.change(ledger::use_session, at, id_hash);
}

bool claim_renewal(Database& database, std::string_view id_hash, Time seen, Time next) {
    return database.change(ledger::move_renewal, next, id_hash, seen) > 0;
}

bool keep_renewed(
    Database& database, std::string_view id_hash, Time claimed, std::string_view sealed,
    Time renew_at
) {
    return database.change(ledger::renew_session, sealed, renew_at, id_hash, claimed) > 0;
}

bool end_unrenewed(Database& database, std::string_view id_hash, Time claimed) {
    return database.change(ledger::delete_unrenewed, id_hash, claimed) > 0;
}

std::int64_t end_sessions_of(
    Database& database, std::string_view provider_session, std::string_view sub
) {
    if (provider_session.empty())
        return database.change(ledger::delete_found(ledger::sessions_of_person), sub);
    return database.change(
        ledger::delete_found(ledger::sessions_of_provider), provider_session, sub
    );
}

std::vector<ConsoleSession> sessions_of(Database& database, std::string_view sub) {
    return all_of(database.query(ledger::select_sessions_of, sub));
}

std::vector<ConsoleSession> end_own_sessions(
    Database& database, std::string_view sub, std::string_view id_hash, SessionStore::Which which
) {
    const auto own =
        which == SessionStore::Which::that_one ? ledger::own_session : ledger::own_other_sessions;
    return all_of(database.query(ledger::take_found(own), sub, id_hash));
}

bool end_session(Database& database, std::string_view id_hash) {
    return database.change(ledger::delete_session, id_hash) > 0;
}

void forget_sessions(Database& database, Time now, Time unused_since) {
    database.change(ledger::delete_found(ledger::old_sessions), now, unused_since);
}

}  // namespace payments::sqlite
