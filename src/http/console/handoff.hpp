#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "http/console/sessions.hpp"

// Signing in at the platform, which sends the browser on with a code (docs/console.md). Any page
// can have its visitors come with a code, its own among them: so whoever comes is shown who they
// are about to be, and the session starts when they say so.
namespace payments::http {

// How long somebody may think about it.
inline constexpr std::chrono::minutes handoff_waits{5};

// Where the browser is sent to sign in; `to` as of target_within, `max_age` is 0 for none.
std::string handoff_address(
    std::string_view page, std::string_view to, std::chrono::minutes max_age
);
// The page that asks.
std::string confirmation_address(std::string_view to);

// Keeps who has been handed over under a new id of 256 random bits, for the cookie that only the
// page that asks is for: no session has it. Errors and exceptions as open_session.
Task<Result<std::string>> hold_handoff(
    const Console& console, SessionStore& store, NewSession person, Time now
);
// Who is waiting under it; likewise as find_session.
Task<Result<ActiveSession>> find_handoff(
    const Console& console, SessionStore& store, std::string id, Time now
);
// Takes it away. False when somebody else has: whoever takes it opens the session.
Task<bool> take_handoff(SessionStore& store, std::string id);

}  // namespace payments::http
