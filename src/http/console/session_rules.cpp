#include "http/console/session_rules.hpp"

#include <algorithm>

#include "http/auth/jwt.hpp"

namespace payments::http {

using namespace std::chrono_literals;

Time end_of_new_session(const SessionLimits& limits, Time now, Time token_ends_at, bool can_renew) {
    const auto end = now + limits.total;
    return can_renew ? end : std::min(end, token_ends_at);
}

Time next_renewal(Time now, Time token_ends_at) {
    return std::max(now + renewal_pause, std::min(now + 15min, token_ends_at - 2min));
}

Time idle_end(const ConsoleSession& session, const SessionLimits& limits) {
    return session.used_at + limits.idle;
}

Time last_end(const ConsoleSession& session, const SessionLimits& limits) {
    return std::min(session.ends_at, session.made_at + limits.total);
}

bool has_ended(const ConsoleSession& session, const SessionLimits& limits, Time now) {
    const auto seen = std::max(session.made_at, session.used_at);
    return now >= idle_end(session, limits) || now >= last_end(session, limits) ||
           seen > now + leeway;
}

bool is_use_worth_noting(const ConsoleSession& session, Time now) {
    return now - session.used_at >= 1min;
}

bool is_recent(Time authenticated_at, std::chrono::minutes age, Time now) {
    return authenticated_at <= now + leeway && now < authenticated_at + age + leeway;
}

std::int64_t seconds_until(Time end, Time now) {
    return std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(end - now).count());
}

}  // namespace payments::http
