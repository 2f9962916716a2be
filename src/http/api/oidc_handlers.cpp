#include <optional>

#include "flow/office/act.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/token_person.hpp"
#include "http/api/visits.hpp"
#include "http/auth/signed_claims.hpp"
#include "http/console/handoff.hpp"
#include "http/console/oidc_sign_in.hpp"
#include "http/console/page_call.hpp"
#include "support/form.hpp"
#include "support/log.hpp"

// Signing in to the back office at an identity provider: there, back again, and its word that
// somebody has signed out.
namespace payments::http {
namespace {

// The user token among those that were granted, judged as at every call; and the person's name,
// which the ID token has.
Task<Result<NewSession>> read_granted(
    ApiContext& context, GrantedTokens granted, SignInAttempt attempt, Time now
) {
    const auto& rules = *context.resources.console->oidc;
    ClaimRules of_id{rules.issuer, rules.client_id};
    std::string id_token = granted.id;
    const auto id = co_await signed_claims(
        context.resources.user_keys, std::move(id_token), std::move(of_id), now
    );
    if (!id) co_return id.error();
    if (const auto fits = check_id_claims(*id, attempt, rules, now); !fits) co_return fits.error();

    const std::string user = rules.takes_id_token ? granted.id : granted.access;
    std::string to_read = user;
    auto person = co_await person_of(context, std::move(to_read), now);
    if (!person) co_return person.error();
    if (person->sub != json::string_or(*id, "sub", ""))
        co_return Error{Errc::unauthorized, "the two tokens are of two people"};
    auto name = json::string_or(*id, "name", person->name);
    SessionTokens tokens{user, granted.refresh, granted.id};
    tokens.authenticated_at = authentication_time(*id).value_or(Time{});
    NewSession signed_in{person->sub, std::move(name), std::move(tokens), person->token_ends_at};
    signed_in.provider_session = json::string_or(*id, "sid", "");
    co_return signed_in;
}

// How a try to sign in has ended: who it is, or in one word for the page why it is nobody, and for
// the log the reason.
struct Finished {
    std::optional<NewSession> person;
    std::string_view failed;
    std::string reason;

    explicit Finished(NewSession who) : person(std::move(who)) {}
    Finished(std::string_view word, const Error& error) : failed(word), reason(error.detail) {}
    explicit Finished(const Error& error) : Finished(word_for(error), error) {}

    static std::string_view word_for(const Error& error) {
        if (error.code == Errc::provider_unavailable) return "provider";
        return error.code == Errc::forbidden ? "declined" : "refused";
    }
};

Task<Finished> finish(ApiContext& context, std::string query, SignInAttempt attempt, Time now) {
    const auto& rules = *context.resources.console->oidc;
    const auto described = co_await context.provider->description();
    if (!described) co_return Finished{described.error()};
    auto code = code_in(query, attempt, *described, rules);
    if (!code) co_return Finished{code.error()};
    std::string verifier = attempt.verifier;
    const auto granted = co_await context.provider->exchange(std::move(*code), std::move(verifier));
    if (!granted) co_return Finished{granted.error()};
    GrantedTokens tokens = *granted;
    auto person = co_await read_granted(context, std::move(tokens), std::move(attempt), now);
    if (!person && shows_another_time(granted->id, now))
        co_return Finished{"clock", person.error()};
    if (!person) co_return Finished{person.error()};
    co_return Finished{std::move(*person)};
}

}  // namespace

Task<Result<Response>> sign_in(ApiContext& context, RequestContext& request) {
    const auto& console = *context.resources.console;
    // It would take the place of a try that somebody is at, or sign in whoever has just signed out.
    if (is_from_another_site(request.http)) {
        auto response = sent_to("/console/signed-out");
        co_return response;
    }
    const auto query = form::read(request.http.query);
    const auto to = query ? form::value_of(*query, "to") : "";
    if (!console.handoff_page.empty()) {
        const auto target = target_within(to);
        auto response =
            sent_to(handoff_address(console.handoff_page, target, console.refund_auth_age));
        co_return response;
    }
    const auto described = co_await context.provider->description();
    if (!described) {
        auto response = turned_back("provider");
        co_return response;
    }
    const auto former = session_cookie(request.http).value_or("");
    const auto attempt = new_attempt(to, former, context.flow.clock.now());
    auto response = sent_to(authorization_url(*described, *console.oidc, attempt));
    response.headers.emplace_back(
        "Set-Cookie", attempt_cookie(seal_attempt(console.seal, attempt))
    );
    co_return response;
}

Task<Result<Response>> finish_sign_in(ApiContext& context, RequestContext& request) {
    const auto& console = *context.resources.console;
    const auto now = context.flow.clock.now();
    auto attempt = open_attempt(console.seal, cookie_of_attempt(request.http), now);
    if (!attempt) {
        auto response = turned_back("late");
        co_return response;
    }
    const std::string to = attempt->to, former = attempt->former;
    // Of two tabs the cookie is the later one's, whose answer is still to come.
    const bool is_of_another_try = !answers(request.http.query, *attempt);
    std::string query = request.http.query;
    SignInAttempt tried = std::move(*attempt);
    auto finished = co_await finish(context, std::move(query), std::move(tried), now);
    if (finished.person) {
        NewSession person = std::move(*finished.person);
        const std::string sub = person.sub;
        Actor by{person.sub, person.name};
        person.former = former;
        const auto id = co_await open_session(console, *context.sessions, std::move(person), now);
        if (id) {
            log::info("signed in to the console", "request_id", request.http.id, "sub", sub);
            auto address = client_address(request.http, context.resources.proxies);
            co_await record_sign(
                context.flow, ActionKind::sign_in, std::move(by), std::move(address)
            );
            auto response = sent_to(to);
            response.headers.emplace_back("Set-Cookie", cookie_with(*id));
            response.headers.emplace_back("Set-Cookie", attempt_cookie_taken_back());
            co_return response;
        }
        finished = Finished{id.error()};
    }
    log::warning(
        "a sign-in to the console failed", "request_id", request.http.id, "reason", finished.reason
    );
    auto response = turned_back(finished.failed);
    if (!is_of_another_try)
        response.headers.emplace_back("Set-Cookie", attempt_cookie_taken_back());
    co_return response;
}

// Told by the provider alone, whose signature is what counts: from no browser, with no cookie.
Task<Result<Response>> backchannel_logout(ApiContext& context, RequestContext& request) {
    const auto& rules = *context.resources.console->oidc;
    const auto form = form::read(request.http.body);
    auto token = form ? form::value_of(*form, "logout_token") : "";
    if (token.empty()) co_return Error{Errc::invalid_request, "a logout_token is needed"};
    ClaimRules of_logout{rules.issuer, rules.client_id};
    const auto now = context.flow.clock.now();
    const auto claims = co_await signed_claims(
        context.resources.user_keys, std::move(token), std::move(of_logout), now
    );
    // As the contract of logout messages has it: 400, whatever is wrong with them.
    if (!claims) co_return Error{Errc::invalid_request, claims.error().detail};
    auto whom = read_logout(*claims, now);
    if (!whom) co_return whom.error();
    std::string session = whom->provider_session, sub = whom->sub;
    Actor by{sub, sub};
    const auto ended =
        co_await context.sessions->end_sessions_of(std::move(session), std::move(sub));
    log::info("signed out by the identity provider", "sessions", ended);
    std::string nowhere;
    if (ended > 0 && !by.sub.empty())
        co_await record_sign(context.flow, ActionKind::sign_out, std::move(by), std::move(nowhere));
    co_return Response{200, "", ""};
}

}  // namespace payments::http
