#include "http/api/admission.hpp"

#include "http/api/api_resources.hpp"
#include "http/console/page_call.hpp"

namespace payments::http {
namespace {

Accepts accepts(Route::Caller caller) {
    switch (caller) {
        case Route::Caller::user:
            return Accepts::user;
        case Route::Caller::service:
            return Accepts::service;
        default:
            return Accepts::either;
    }
}

// Of operations that a service alone may call the cookie is ignored, as of public ones.
bool takes_session(Route::Caller caller) {
    using enum Route::Caller;
    return caller == user || caller == either || caller == session;
}

}  // namespace

Task<Result<void>> Admission::admit(const Route& route, RequestContext& request) {
    using enum Route::Caller;
    const auto& console = context_.resources.console;
    if (route.caller == anyone || route.caller == browser) co_return Result<void>{};
    if (route.caller == page) {
        const auto own = check_own_page(request.http, console->origin);
        co_return own;
    }

    std::optional<std::string> id;
    if (console && takes_session(route.caller)) id = session_cookie(request.http);
    auto authorization = header_or_empty(request.http, "authorization");
    if (!id && route.caller == session)
        co_return Error{Errc::unauthorized, "there is no session: sign in"};
    if (!id) co_return co_await admit_token(route, request, std::move(authorization));
    // Whoever made such a call believes to be one of two people.
    if (!authorization.empty())
        co_return Error{Errc::invalid_request, "send a session or a token, not both"};
    co_return co_await admit_session(route, request, std::move(*id));
}

Task<Result<void>> Admission::admit_token(
    const Route& route, RequestContext& request, std::string authorization
) {
    const auto now = context_.flow.clock.now();
    auto caller =
        co_await context_.tokens.verify(std::move(authorization), accepts(route.caller), now);
    if (!caller) co_return caller.error();
    if (route.may != nullptr)
        if (const auto allowed = route.may(caller->privileges); !allowed) co_return allowed.error();
    request.caller = std::move(caller->name);
    request.privileges = std::move(caller->privileges);
    co_return Result<void>{};
}

Task<Result<void>> Admission::admit_session(
    const Route& route, RequestContext& request, std::string id
) {
    const auto& console = *context_.resources.console;
    if (const auto own = check_own_page(request.http, console.origin); !own) co_return own.error();
    const auto now = context_.flow.clock.now();
    auto& store = *context_.sessions;
    auto session = co_await find_session(console, store, std::move(id), now);
    if (!session) co_return session.error();

    // Each time: what the token says counts for as long as its key is trusted and it has not ended.
    std::string authorization = "Bearer " + session->tokens.user;
    const auto admitted = co_await admit_token(route, request, std::move(authorization));
    if (!admitted) co_return admitted.error();
    if (!is_poll(request.http) && is_use_worth_noting(session->row, now)) {
        std::string hash = session->row.id_hash;
        co_await store.note_use(std::move(hash), now);
        session->row.used_at = now;
    }
    request.session = std::move(*session);
    co_return Result<void>{};
}

}  // namespace payments::http
