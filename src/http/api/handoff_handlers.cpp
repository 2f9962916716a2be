#include "flow/office/act.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/token_person.hpp"
#include "http/api/visits.hpp"
#include "http/console/handoff.hpp"
#include "http/console/page_call.hpp"
#include "support/form.hpp"
#include "support/log.hpp"

// Signing in to the back office at the platform: the browser comes with a code, its page shows who
// that makes it, and the session starts when the person says so.
namespace payments::http {
namespace {

// Who the platform says they are, judged as at every call.
Task<Result<NewSession>> handed_over(ApiContext& context, std::string code, Time now) {
    if (code.empty() || code.size() > Handoff::code_bytes_max)
        co_return Error{Errc::unauthorized, "there is no code"};
    auto token = co_await context.handoff->exchange(std::move(code));
    if (!token) co_return token.error();
    std::string to_read = *token;
    const auto person = co_await person_of(context, std::move(to_read), now);
    if (!person) co_return person.error();
    const auto age = context.resources.console->refund_auth_age;
    const auto seen_at = person->authenticated_at;
    if (age.count() > 0 && !(seen_at && is_recent(*seen_at, age, now)))
        co_return Error{
            Errc::unauthorized, "the token does not say that they signed in lately (auth_time)"};
    SessionTokens tokens{std::move(*token), "", ""};
    tokens.authenticated_at = seen_at.value_or(Time{});
    NewSession signed_in{person->sub, person->name, std::move(tokens), person->token_ends_at};
    co_return signed_in;
}

Error nobody() { return {Errc::unauthorized, "nobody is being signed in: begin again"}; }

}  // namespace

Task<Result<Response>> receive_handoff(ApiContext& context, RequestContext& request) {
    const auto now = context.flow.clock.now();
    const auto query = form::read(request.http.query);
    auto code = query ? form::value_of(*query, "code") : "";
    const auto to = target_within(query ? form::value_of(*query, "to") : "");
    auto person = co_await handed_over(context, std::move(code), now);
    Result<std::string> id{nobody()};
    if (person) {
        NewSession waiting = std::move(*person);
        id = co_await hold_handoff(
            *context.resources.console, *context.sessions, std::move(waiting), now
        );
    } else {
        id = person.error();
    }
    if (!id) {
        log::warning(
            "a sign-in to the console failed", "request_id", request.http.id, "reason",
            id.error().detail
        );
        const bool is_silent = id.error().code == Errc::provider_unavailable;
        auto response = turned_back(is_silent ? "provider" : "refused");
        co_return response;
    }
    auto response = sent_to(confirmation_address(to));
    response.headers.emplace_back("Set-Cookie", handoff_cookie(*id));
    co_return response;
}

Task<Result<Response>> get_handoff(ApiContext& context, RequestContext& request) {
    auto id = cookie_of_handoff(request.http);
    const auto waiting = co_await find_handoff(
        *context.resources.console, *context.sessions, std::move(id), context.flow.clock.now()
    );
    if (!waiting) co_return nobody();
    std::string token = waiting->tokens.user;
    const auto person = co_await person_of(context, std::move(token), context.flow.clock.now());
    if (!person) co_return person.error();
    co_return json_reply(json::object{
        {"user", json::object{{"sub", person->sub}, {"name", waiting->row.name}}}});
}

Task<Result<Response>> accept_handoff(ApiContext& context, RequestContext& request) {
    const auto& console = *context.resources.console;
    const auto now = context.flow.clock.now();
    const auto id = cookie_of_handoff(request.http);
    std::string to_find = id, to_take = id;
    auto waiting = co_await find_handoff(console, *context.sessions, std::move(to_find), now);
    if (!waiting) co_return nobody();
    std::string token = waiting->tokens.user;
    const auto person = co_await person_of(context, std::move(token), now);
    if (!person) co_return person.error();
    // Of two who accept at once one does.
    if (!co_await take_handoff(*context.sessions, std::move(to_take))) co_return nobody();
    NewSession signed_in{
        person->sub, waiting->row.name, std::move(waiting->tokens), person->token_ends_at};
    signed_in.former = session_cookie(request.http).value_or("");
    const auto session =
        co_await open_session(console, *context.sessions, std::move(signed_in), now);
    if (!session) co_return session.error();
    log::info("signed in to the console", "request_id", request.http.id, "sub", person->sub);
    Actor by{person->sub, waiting->row.name};
    auto address = client_address(request.http, context.resources.proxies);
    co_await record_sign(context.flow, ActionKind::sign_in, std::move(by), std::move(address));
    Response response{204, "", ""};
    response.headers.emplace_back("Set-Cookie", cookie_with(*session));
    response.headers.emplace_back("Set-Cookie", handoff_cookie_taken_back());
    co_return response;
}

}  // namespace payments::http
