#pragma once

#include "http/api/handlers.hpp"
#include "http/api/routes.hpp"

namespace payments::http {

// Whether pages of the console may make such a call: with the session's cookie, or to get one. Of
// operations for services, public and signed ones nobody looks at the cookie.
bool is_for_pages(Route::Caller caller);
// Whether it counts who calls; of others only the address is looked at.
bool asks_who(Route::Caller caller);

// Decides whose call a request is and whether they may make it: by the token it carries, or, of a
// page of the console, by the user token that its session holds. The token is judged alike.
// `context` outlives it, and it outlives the running of its loop; on that loop's thread only.
class Admission {
public:
    explicit Admission(ApiContext& context) : context_(context) {}

    // Counts the request where addresses are limited: Errc::rate_limited.
    Result<void> limit_address(const Route& route, const Request& request);
    // Of a route that asks who calls: notes that in `request`. Errc::rate_limited when an address
    // has sent too many ids of no session; unauthorized, forbidden, foreign_page; invalid_request
    // when it has a session and a token. Throws StoreDown.
    Task<Result<void>> admit(const Route& route, RequestContext& request);

private:
    Task<Result<void>> admit_token(
        const Route& route, RequestContext& request, std::string authorization, Accepts accepts
    );
    Task<Result<void>> admit_session(const Route& route, RequestContext& request, std::string id);
    Task<void> note_use(std::string id_hash, Time now);

    ApiContext& context_;
    std::chrono::milliseconds use_noted_again_at_{};  // steady
};

}  // namespace payments::http
