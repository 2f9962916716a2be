#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <set>

#include "flow/office/act.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/members.hpp"
#include "http/api/token_person.hpp"
#include "http/console/page_call.hpp"
#include "support/assets.hpp"
#include "support/log.hpp"
#include "support/text.hpp"
#include "support/times.hpp"

// The operations of the back office's own pages: who is signed in, signing in and out.
namespace payments::http {
namespace {

constexpr std::size_t token_characters_max = 16 * 1024;
constexpr std::size_t session_hash_characters = 64;

// Privileges that are simply had; those with a list are the scope.
json::array had(const Privileges& privileges) {
    json::array names;
    for (const auto& [name, value] : privileges)
        if (has(privileges, name)) names.emplace_back(name);
    return names;
}

void add_items(std::set<std::string_view>& into, std::string_view list) {
    while (!list.empty()) {
        const auto item = text::trim(list.substr(0, list.find(',')));
        if (!item.empty()) into.insert(item);
        list.remove_prefix(std::min(list.find(','), list.size() - 1) + 1);
    }
}

// To be shown. What decides are the privileges themselves, a family of three at a time.
json::object scope_of(const Privileges& privileges) {
    json::object scope{{"all", may_see_every_ticket(privileges)}};
    for (const std::string member : {"flags", "years", "events"}) {
        std::set<std::string_view> items;
        if (has_scope(privileges))
            for (const std::string family : {"tickets_search_", "tickets_get_"})
                if (const auto found = privileges.find(family + member); found != privileges.end())
                    add_items(items, found->second);
        scope[member] = json::array(items.begin(), items.end());
    }
    return scope;
}

json::object write_session(
    const Console& console, const ConsoleSession& session, const Privileges& privileges, Time now
) {
    const auto build = build_info();
    return {
        {"user", json::object{{"sub", session.sub}, {"name", session.name}}},
        {"can", had(privileges)},
        {"scope", scope_of(privileges)},
        {"live", console.is_live},
        {"time_zone", console.time_zone},
        {"expires_in", seconds_until(last_end(session, console.limits), now)},
        {"idle_in", seconds_until(idle_end(session, console.limits), now)},
        {"version", build.version},
        {"commit", build.commit},
    };
}

}  // namespace

Task<Result<Response>> get_session(ApiContext& context, RequestContext& request) {
    const auto body = write_session(
        *context.resources.console, request.session->row, request.privileges,
        context.flow.clock.now()
    );
    co_return json_reply(body);
}

Task<Result<Response>> sign_in_with_token(ApiContext& context, RequestContext& request) {
    std::vector<Wrong> wrong;
    std::string token = Members{request.body, wrong}.text("token", token_characters_max);
    if (auto error = error_of(std::move(wrong))) co_return std::move(*error);
    const auto now = context.flow.clock.now();
    std::string to_read = token;
    const auto person = co_await person_of(context, std::move(to_read), now);
    if (!person) co_return person.error();

    SessionTokens tokens{std::move(token), "", ""};
    tokens.authenticated_at = person->authenticated_at.value_or(now);
    NewSession signed_in{person->sub, person->name, std::move(tokens), person->token_ends_at};
    signed_in.former = session_cookie(request.http).value_or("");
    const auto id = co_await open_session(
        *context.resources.console, *context.sessions, std::move(signed_in), now
    );
    if (!id) co_return id.error();
    log::info("signed in to the console", "request_id", request.http.id, "sub", person->sub);
    Actor by{person->sub, person->name};
    auto address = client_address(request.http, context.resources.proxies);
    co_await record_sign(context.flow, ActionKind::sign_in, std::move(by), std::move(address));
    Response response{204, "", ""};
    response.headers.emplace_back("Set-Cookie", cookie_with(*id));
    co_return response;
}

namespace {

// Where the browser goes to sign out at the identity provider as well.
Task<std::string> way_out(ApiContext& context, std::string id_token) {
    std::string here = "/console/signed-out";
    if (context.provider == nullptr) co_return here;
    const auto described = co_await context.provider->description();
    if (!described) co_return here;
    auto there = end_session_url(*described, *context.resources.console->oidc, id_token);
    if (there.empty()) co_return here;
    co_return there;
}

// A refresh token that nobody has any more would count at the provider for as long as it lasts.
Task<void> revoke(IdentityProvider& provider, std::string refresh_token) {
    const auto revoked = co_await provider.revoke(std::move(refresh_token));
    if (!revoked) log::warning("a refresh token was not revoked", "reason", revoked.error().detail);
}

// Whoever ends a session does not wait for it.
Task<void> revoke_later(ApiContext& context, const SessionTokens& held) {
    if (context.provider == nullptr || held.refresh.empty()) co_return;
    std::string refresh = held.refresh;
    const auto loop = co_await boost::asio::this_coro::executor;
    boost::asio::co_spawn(
        loop, revoke(*context.provider, std::move(refresh)), boost::asio::detached
    );
}

}  // namespace

// Whoever has no session any more is signed out already.
Task<Result<Response>> sign_out(ApiContext& context, RequestContext& request) {
    const auto& console = *context.resources.console;
    auto& store = *context.sessions;
    std::string id_token;
    if (const auto id = session_cookie(request.http)) {
        std::string to_find = *id, to_end = *id;
        const auto session =
            co_await find_session(console, store, std::move(to_find), context.flow.clock.now());
        // Anybody can invent ids: none of them may cost a change of the database.
        if (session) {
            id_token = session->tokens.id;
            co_await end_session(store, std::move(to_end));
            Actor by{session->row.sub, session->row.name};
            auto address = client_address(request.http, context.resources.proxies);
            co_await record_sign(
                context.flow, ActionKind::sign_out, std::move(by), std::move(address)
            );
            co_await revoke_later(context, session->tokens);
        }
    }
    const auto address = co_await way_out(context, std::move(id_token));
    const json::object body{{"redirect_url", address}};
    auto response = json_reply(body);
    response.headers.emplace_back("Set-Cookie", cookie_taken_back());
    co_return response;
}

// What a page is told of a session is no way to use it: the hash of its id.
Task<Result<Response>> list_sessions(ApiContext& context, RequestContext& request) {
    const auto& limits = context.resources.console->limits;
    const auto now = context.flow.clock.now();
    std::string sub = request.session->row.sub;
    const auto all = co_await context.sessions->sessions_of(std::move(sub));
    json::array list;
    for (const auto& session : all) {
        if (has_ended(session, limits, now)) continue;
        list.push_back(json::object{
            {"session_id", session.id_hash},
            {"opened_at", rfc3339(session.made_at)},
            {"used_at", rfc3339(session.used_at)},
            {"this", session.id_hash == request.session->row.id_hash}});
    }
    co_return json_reply(json::object{{"sessions", std::move(list)}});
}

// One of the person's own, or all but the one that asks.
Task<Result<Response>> end_sessions(ApiContext& context, RequestContext& request) {
    const auto& own = request.session->row;
    std::vector<Wrong> wrong;
    Members members{request.body, wrong};
    const auto* others = members.find("others");
    const bool all_others = others != nullptr && others->is_bool() && others->get_bool();
    auto id = members.optional_text("session_id", session_hash_characters);
    if (id.empty() != all_others)
        members.add("session_id", "must be there, or others must be true");
    if (id == own.id_hash) members.add("session_id", "is the session that asks: sign out");
    if (auto error = error_of(std::move(wrong))) co_return std::move(*error);

    const auto which = id.empty() ? SessionStore::Which::all_others : SessionStore::Which::that_one;
    if (id.empty()) id = own.id_hash;
    std::string sub = own.sub;
    const auto ended =
        co_await context.sessions->end_own_sessions(std::move(sub), std::move(id), which);
    for (const auto& session : ended)
        if (const auto held = context.resources.console->seal.open(session.sealed, session.id_hash))
            co_await revoke_later(context, *held);
    log::info(
        "ended sessions of the console", "request_id", request.http.id, "sub", own.sub, "sessions",
        static_cast<std::int64_t>(ended.size())
    );
    co_return json_reply(json::object{{"ended", ended.size()}});
}

}  // namespace payments::http
