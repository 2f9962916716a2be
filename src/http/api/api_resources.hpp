#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>

#include "flow/office/open_payment.hpp"
#include "http/api/client_address.hpp"
#include "http/api/pages.hpp"
#include "http/api/rate_limit.hpp"
#include "http/api/routes.hpp"
#include "http/auth/jwks_source.hpp"
#include "http/auth/jwt.hpp"
#include "http/console/sessions.hpp"
#include "support/time_zone.hpp"

namespace payments::http {

// What the API shares between all event loops of a process. Made once, before the loops, and
// outlives them; every member may be used on any loop's thread.
struct ApiResources {
    const RouteTable routes;
    const Pages pages;
    const TrustedProxies proxies;
    const std::set<std::string, std::less<>> allowed_origins;  // for browsers on other pages
    RateLimiter per_address, starts_per_ticket;
    KeyRing user_keys, service_keys;
    const ClaimRules user_rules, service_rules;
    const std::size_t webhook_body_bytes;  // limit of a notification's body
    const std::string sealing_key{};       // of client secrets in stored answers (idempotency.hpp)
    const std::optional<Console> console{};  // nothing when there is no back office
    const std::optional<TimeZone> zone{};    // whose days staff count in; nothing without tzdata
    const std::string zone_name{};           // of IANA's database
    // Asking the provider by hand, and notes; each process counts for itself.
    RateLimiter asks_per_payment{Rate{1, asked_once_in, 1}};
    // Whoever writes by hand does not get there; a page that has gone mad does.
    RateLimiter notes_per_person{Rate{30, std::chrono::minutes{1}, 30}};
    RateLimiter test_events_per_person{Rate{10, std::chrono::minutes{1}, 10}};
    // Each look asks everybody outside.
    RateLimiter looks_per_person{Rate{30, std::chrono::minutes{1}, 30}};
};

}  // namespace payments::http
