#pragma once

#include <chrono>
#include <cstdint>

#include "flow/console/sessions.hpp"

// How long a session of the back office lasts (docs/console.md). Pure functions; any thread.
namespace payments::http {

struct SessionLimits {
    std::chrono::minutes idle{30};    // without use
    std::chrono::minutes total{600};  // however much it is used
};

// When one that is opened now ends at the latest: no later than what it holds, unless that can be
// renewed. `token_ends_at` is when its token stops counting, leeway included.
Time end_of_new_session(
    const SessionLimits& limits, Time now, Time token_ends_at, bool can_renew = false
);

// When a token that is had now is renewed: every quarter of an hour, so that a privilege that was
// taken away is felt, and before it ends.
Time next_renewal(Time now, Time token_ends_at);
// Whoever renews has this long for it: far longer than the provider and the database may take, for
// a second use of the refresh token may end everything. Then its process has died, and another
// tries.
inline constexpr std::chrono::minutes renewal_lease{3};
// After one that has come to nothing.
inline constexpr std::chrono::seconds renewal_pause{30};

// When it ends if nobody uses it, and in any case. Limits that were shortened meanwhile count.
Time idle_end(const ConsoleSession& session, const SessionLimits& limits);
Time last_end(const ConsoleSession& session, const SessionLimits& limits);
// One of the future is none: a clock that was ahead would have it last for longer than it may.
bool has_ended(const ConsoleSession& session, const SessionLimits& limits, Time now);

// Whether a use is to be written: once a minute is enough, for a page asks several times a second.
bool is_use_worth_noting(const ConsoleSession& session, Time now);

// Whether somebody who proved who they are at that moment, by another's clock, has done so within
// `age`.
bool is_recent(Time authenticated_at, std::chrono::minutes age, Time now);

// Whole seconds, at least 0: what a page is told, for its own clock may be wrong.
std::int64_t seconds_until(Time end, Time now);

}  // namespace payments::http
