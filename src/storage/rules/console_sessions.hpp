#pragma once

#include <string>
#include <string_view>

#include "flow/console/sessions.hpp"

// Sessions of the back office as both stores keep them: the statements, in what both databases take
// (parameters in the order of their first use), and their rows. Free of state; any thread.
namespace payments::ledger {

inline constexpr std::string_view insert_session =
    "INSERT INTO console_sessions (id_hash, sealed, sub, name, provider_session, made_at, used_at,"
    " ends_at, renew_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
// Those to be deleted, within delete_found below: all of one person but the newest use of each_max,
// in the commit of the new one, which was used last (two at the same moment on two replicas may
// leave one too many until the next), and those that have ended or were left alone.
inline constexpr std::string_view surplus_sessions =
    "SELECT id_hash FROM console_sessions WHERE sub = $1"
    " ORDER BY used_at DESC, made_at DESC, id_hash LIMIT 1000 OFFSET 20";
static_assert(SessionStore::each_max == 20);
inline constexpr std::string_view old_sessions =
    "SELECT id_hash FROM console_sessions WHERE ends_at <= $1 OR used_at < $2";
// Those of a provider's session, and of a person of which its name for them is not known.
inline constexpr std::string_view sessions_of_provider =
    "SELECT id_hash FROM console_sessions"
    " WHERE provider_session = $1 OR (provider_session = '' AND sub = $2)";
inline constexpr std::string_view sessions_of_person =
    "SELECT id_hash FROM console_sessions WHERE sub = $1";
// One of a person's, and all but that one.
inline constexpr std::string_view own_session =
    "SELECT id_hash FROM console_sessions WHERE sub = $1 AND id_hash = $2";
inline constexpr std::string_view own_other_sessions =
    "SELECT id_hash FROM console_sessions WHERE sub = $1 AND id_hash <> $2";
// `locking` is what a database with row locks needs, so that nobody waits in a circle.
inline std::string delete_found(std::string_view sessions, std::string_view locking = "") {
    return "DELETE FROM console_sessions WHERE id_hash IN (" + std::string{sessions} +
           std::string{locking} + ")";
}
inline constexpr std::string_view session_columns =
    "id_hash, sealed, sub, name, provider_session, made_at, used_at, ends_at, renew_at";
// The same, giving what was deleted.
inline std::string take_found(std::string_view sessions, std::string_view locking = "") {
    return delete_found(sessions, locking) + " RETURNING " + std::string{session_columns};
}
inline constexpr std::string_view select_session =
    "SELECT id_hash, sealed, sub, name, provider_session, made_at, used_at, ends_at,"
    " renew_at FROM console_sessions WHERE id_hash = $1";
inline constexpr std::string_view select_sessions_of =
    "SELECT id_hash, sealed, sub, name, provider_session, made_at, used_at, ends_at,"
    " renew_at FROM console_sessions WHERE sub = $1"
    " ORDER BY used_at DESC, made_at DESC, id_hash LIMIT 100";
// Once a minute, whoever else has written it meanwhile: a page calls several replicas at once.
inline constexpr std::string_view use_session =
    "UPDATE console_sessions SET used_at = $1 WHERE id_hash = $2 AND used_at + 60000 <= $1";
inline constexpr std::string_view move_renewal =
    "UPDATE console_sessions SET renew_at = $1 WHERE id_hash = $2 AND renew_at = $3";
inline constexpr std::string_view renew_session =
    "UPDATE console_sessions SET sealed = $1, renew_at = $2 WHERE id_hash = $3 AND renew_at = $4";
inline constexpr std::string_view delete_unrenewed =
    "DELETE FROM console_sessions WHERE id_hash = $1 AND renew_at = $2";
inline constexpr std::string_view delete_session =
    "DELETE FROM console_sessions WHERE id_hash = $1";

// What session_columns are.
template <class Row>
ConsoleSession session_of(const Row& row) {
    ConsoleSession session;
    session.id_hash = row.text(0);
    session.sealed = row.text(1);
    session.sub = row.text(2);
    session.name = row.text(3);
    session.provider_session = row.text(4);
    session.made_at = row.time(5);
    session.used_at = row.time(6);
    session.ends_at = row.time(7);
    session.renew_at = row.time_or_null(8);
    return session;
}

// Calls `run(statement, parameters...)` with the one that keeps `session`.
template <class Run>
auto keep_session(const ConsoleSession& session, Run run) {
    return run(
        insert_session, session.id_hash, session.sealed, session.sub, session.name,
        session.provider_session, session.made_at, session.used_at, session.ends_at,
        session.renew_at
    );
}

}  // namespace payments::ledger
