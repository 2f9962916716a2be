#include "http/api/admission.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "http/api/api_resources.hpp"
#include "http/console/page_call.hpp"
#include "http/console/renewal.hpp"
#include "support/log.hpp"

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

// What a request is counted as. Of one address each apart, so that none of them keeps out the
// others: its visitors, calls of the console's pages, what any page can have a browser do there,
// and ids of no session, which anybody can invent.
constexpr std::string_view as_visitor = "", as_page = "console ", as_visit = "console visit ",
                           as_unknown = "console id ";

std::string key_of(std::string_view what, const Request& request, const TrustedProxies& proxies) {
    return std::string{what} + limit_key(client_address(request, proxies));
}

Error too_many(std::string what, int wait_s) {
    return Error{Errc::rate_limited, "too many " + what + " from this address"}.retry_after(wait_s);
}

}  // namespace

bool is_for_pages(Route::Caller caller) {
    using enum Route::Caller;
    return caller == user || caller == either || caller == page || caller == session;
}

bool asks_who(Route::Caller caller) {
    using enum Route::Caller;
    return caller != anyone && caller != browser && caller != visit;
}

Task<Result<void>> Admission::admit(const Route& route, RequestContext& request) {
    using enum Route::Caller;
    const auto& console = context_.resources.console;
    std::optional<std::string> id;
    if (console && is_for_pages(route.caller)) id = session_cookie(request.http);
    auto authorization = header_or_empty(request.http, "authorization");
    // Whoever made such a call believes to be one of two people.
    if (id && !authorization.empty())
        co_return Error{Errc::invalid_request, "send a session or a token, not both"};
    if (route.caller == page) {
        const auto own = check_own_page(request.http, console->origin);
        co_return own;
    }
    if (id) co_return co_await admit_session(route, request, std::move(*id));
    if (route.caller == session)
        co_return Error{Errc::unauthorized, "there is no session: sign in"};
    co_return co_await admit_token(route, request, std::move(authorization), accepts(route.caller));
}

// Every other caller is identified by a token, a session or a signature.
Result<void> Admission::limit_address(const Route& route, const Request& request) {
    using enum Route::Caller;
    if (route.caller != browser && route.caller != visit && route.caller != page) return {};
    if (route.caller == visit)
        if (const auto whole = check_visit(request); !whole) return whole.error();
    auto& resources = context_.resources;
    const auto what = route.caller == browser ? as_visitor
                      : route.caller == visit ? as_visit
                                              : as_page;
    const auto key = key_of(what, request, resources.proxies);
    const auto wait_s = resources.per_address.seconds_to_wait(key, context_.flow.clock.steady());
    if (wait_s == 0) return {};
    return too_many("requests", wait_s);
}

Task<Result<void>> Admission::admit_token(
    const Route& route, RequestContext& request, std::string authorization, Accepts accepts
) {
    const auto now = context_.flow.clock.now();
    auto caller = co_await context_.tokens.verify(std::move(authorization), accepts, now);
    if (!caller) co_return caller.error();
    if (route.may != nullptr)
        if (const auto allowed = route.may(caller->privileges); !allowed) co_return allowed.error();
    request.caller = std::move(caller->name);
    request.shown_name = std::move(caller->shown_name);
    request.privileges = std::move(caller->privileges);
    co_return Result<void>{};
}

Task<Result<void>> Admission::admit_session(
    const Route& route, RequestContext& request, std::string id
) {
    auto& resources = context_.resources;
    const auto& console = *resources.console;
    if (const auto own = check_own_page(request.http, console.origin); !own) co_return own.error();
    // Only who has too many ids that are no session's waits: anybody can invent them, and each asks
    // the database.
    const auto key = key_of(as_unknown, request.http, resources.proxies);
    const auto steady = context_.flow.clock.steady();
    if (const auto wait_s = resources.per_address.seconds_until_free(key, steady); wait_s > 0)
        co_return too_many("calls without a session", wait_s);
    const auto now = context_.flow.clock.now();
    auto session = co_await find_session(console, *context_.sessions, std::move(id), now);
    if (!session) {
        resources.per_address.seconds_to_wait(key, steady);
        co_return session.error();
    }

    if (context_.provider != nullptr) {
        RenewalContext renewal{
            console, *context_.sessions, *context_.provider, context_.tokens, context_.flow.clock};
        const auto renewed = co_await keep_renewed(renewal, *session);
        if (!renewed) co_return renewed.error();
    }

    // Each time: what the token says counts for as long as its key is trusted and it has not ended.
    std::string authorization = "Bearer " + session->tokens.user;
    const auto admitted =
        co_await admit_token(route, request, std::move(authorization), Accepts::user);
    if (!admitted) co_return admitted.error();
    if (request.caller != session->row.sub)
        co_return Error{Errc::unauthorized, "the session is of somebody else: sign in again"};
    if (!is_poll(request.http) && is_use_worth_noting(session->row, now) &&
        steady >= use_noted_again_at_) {
        // No call waits for it: neither who looks nor what they look at depends on it.
        std::string hash = session->row.id_hash;
        const auto loop = co_await boost::asio::this_coro::executor;
        boost::asio::co_spawn(loop, note_use(std::move(hash), now), boost::asio::detached);
        session->row.used_at = now;
    }
    request.shown_name = session->row.name;
    request.session = std::make_unique<ActiveSession>(std::move(*session));
    co_return Result<void>{};
}

// Whoever may look goes on looking while the database takes no changes, which is asked again in a
// minute.
Task<void> Admission::note_use(std::string id_hash, Time now) {
    try {
        co_await context_.sessions->note_use(std::move(id_hash), now);
    } catch (const StoreDown& down) {
        use_noted_again_at_ = context_.flow.clock.steady() + std::chrono::minutes{1};
        log::warning("the use of a session was not noted", "reason", down.what());
    }
}

}  // namespace payments::http
