#pragma once

#include <optional>
#include <string>

#include "flow/console/sessions.hpp"
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

    NewSession(std::string s, std::string n, SessionTokens t, Time ends)
        : sub(std::move(s)), name(std::move(n)), tokens(std::move(t)), token_ends_at(ends) {}
};

// Opens a session under a new id of 256 random bits, which is returned for the cookie and known to
// nobody else. `console` and `store` outlive the call, here and below. Throws StoreDown.
Task<std::string> open_session(
    const Console& console, SessionStore& store, NewSession person, Time now
);

// The session of a cookie's id. Errc::unauthorized when there is none, when it has ended, or when
// it was sealed with a key that is no longer known. Throws StoreDown.
Task<Result<ActiveSession>> find_session(
    const Console& console, SessionStore& store, std::string id, Time now
);

// Ends the session of a cookie's id, if there is one. Throws StoreDown.
Task<void> end_session(SessionStore& store, std::string id);

}  // namespace payments::http
