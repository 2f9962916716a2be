#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "flow/console/sessions.hpp"
#include "storage/sqlite/database.hpp"

// Sessions of the back office (flow/sessions.hpp), inside a database transaction that the caller
// holds. They throw StoreDown.
namespace payments::sqlite {

void open_session(Database& database, const ConsoleSession& session);
std::optional<ConsoleSession> session(Database& database, std::string_view id_hash);
void note_use(Database& database, std::string_view id_hash, Time at);
bool claim_renewal(Database& database, std::string_view id_hash, Time seen, Time next);
bool keep_renewed(
    Database& database, std::string_view id_hash, Time claimed, std::string_view sealed,
    Time renew_at
);
bool end_unrenewed(Database& database, std::string_view id_hash, Time claimed);
std::int64_t end_sessions_of(
    Database& database, std::string_view provider_session, std::string_view sub
);
std::vector<ConsoleSession> sessions_of(Database& database, std::string_view sub);
std::vector<ConsoleSession> end_own_sessions(
    Database& database, std::string_view sub, std::string_view id_hash, SessionStore::Which which
);
bool end_session(Database& database, std::string_view id_hash);
void forget_sessions(Database& database, Time now, Time unused_since);

}  // namespace payments::sqlite
