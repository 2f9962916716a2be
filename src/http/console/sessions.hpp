#pragma once

#include <optional>
#include <string>

#include "flow/console/identity_provider.hpp"
#include "flow/console/sessions.hpp"
#include "http/console/oidc_sign_in.hpp"
#include "http/console/session_rules.hpp"
#include "http/console/session_seal.hpp"
#include "http/console/shell.hpp"

namespace payments::http {

// The back office of this installation. Never changes once made; shared by all loops.
struct Console {
    SessionLimits limits;
    SessionSeal seal;
    std::string origin;     // of the public URL; "" when it is not known
    std::string time_zone;  // IANA name
    bool is_live = false;   // real money moves
    ConsoleShell shell;
    std::optional<OidcRules> oidc{};         // how staff sign in; nothing where a token is pasted
    std::chrono::minutes refund_auth_age{};  // 0 when nobody has to sign in again
    std::string handoff_page{};              // of the platform where staff sign in; "" without one
};

// A session that counts, and what it holds.
struct ActiveSession {
    ConsoleSession row;
    SessionTokens tokens;
};

// A person who has just proved who they are.
struct NewSession {
    std::string sub, name;
    SessionTokens tokens;
    Time token_ends_at{};
    std::string provider_session{};  // the identity provider's name for it, "" without one
    std::string former{};            // the id that the browser had before, "" without one

    NewSession(std::string s, std::string n, SessionTokens t, Time ends)
        : sub(std::move(s)), name(std::move(n)), tokens(std::move(t)), token_ends_at(ends) {}
};

// What is kept of a person is bounded: `sub` and the provider's name for the session by refusing
// longer ones, for they say whose it is; the name, which is only shown, by cutting it.
inline constexpr std::size_t name_bytes_max = 255;

// What an id is: 256 random bits, as text. What the database knows of it.
std::string new_session_id();
bool is_session_id(std::string_view id);
std::string session_hash(std::string_view id);
// As much of the person's name as is kept, or who they are without one.
std::string shown_name(const NewSession& person);
// Errc::unauthorized: a name of who it is that is too long.
Error too_long();

// Opens a session under a new id of 256 random bits, which is returned for the cookie and known to
// nobody else; the former one, whose id somebody else may know, ends. Errc::unauthorized for a name
// of who it is that is too long. `console` and `store` outlive the call, here and below. Throws
// StoreDown.
Task<Result<std::string>> open_session(
    const Console& console, SessionStore& store, NewSession person, Time now
);

// The session of a cookie's id; what has not the form of one never reaches the database, here and
// below. Errc::unauthorized when there is none, when it has ended, or when
// it was sealed with a key that is no longer known. Throws StoreDown.
Task<Result<ActiveSession>> find_session(
    const Console& console, SessionStore& store, std::string id, Time now
);

// The same by what the database knows of the id.
Task<Result<ActiveSession>> find_session_by_hash(
    const Console& console, SessionStore& store, std::string hash, Time now
);

// Whether whoever uses the session has signed in lately enough to move money. Errc::sign_in_again.
Result<void> check_signed_in_lately(const Console& console, const SessionTokens& held, Time now);

// Ends the session of a cookie's id, if there is one. Throws StoreDown.
Task<void> end_session(SessionStore& store, std::string id);

}  // namespace payments::http
