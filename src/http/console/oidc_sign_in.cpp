#include "http/console/oidc_sign_in.hpp"

#include <algorithm>

#include "http/auth/jwt.hpp"
#include "http/console/session_rules.hpp"
#include "support/crypto.hpp"
#include "support/form.hpp"

namespace payments::http {
namespace {

constexpr std::size_t random_bytes = 32;
constexpr std::size_t target_bytes_max = 1024;
constexpr std::size_t former_bytes_max = 64;  // browsers keep no cookie of more than 4 KiB
constexpr std::string_view first_page = "/console/";
constexpr std::int64_t seconds_max = 1LL << 40;  // far beyond any date that makes sense
constexpr auto attempt_seal = "console sign-in";

std::string random_text() { return crypto::base64url(crypto::random_bytes(random_bytes)); }

Error refused(std::string why) { return {Errc::unauthorized, std::move(why)}; }

std::string with_query(std::string_view address, const form::Pairs& query) {
    const bool has_query = address.find('?') != address.npos;
    return std::string{address} + (has_query ? "&" : "?") + form::write(query);
}

std::optional<Time> date_in(const json::object& claims, std::string_view name) {
    const auto* date = json::find(claims, name);
    if (date == nullptr || !date->is_int64()) return {};
    if (date->get_int64() < 0 || date->get_int64() > seconds_max) return {};
    return Time{std::chrono::seconds{date->get_int64()}};
}

bool is_plain(char c) { return c > 0x20 && c < 0x7f && c != '\\'; }

}  // namespace

// A second slash would make a browser read a host; a backslash counts as one.
std::string target_within(std::string_view to) {
    const bool leads_within = to.starts_with(first_page) && to.size() <= target_bytes_max &&
                              to.find("//") == to.npos && to.find("/.") == to.npos &&
                              std::ranges::all_of(to, is_plain);
    return std::string{leads_within ? to : first_page};
}

SignInAttempt new_attempt(std::string_view to, std::string_view former, Time now) {
    SignInAttempt attempt;
    attempt.state = random_text();
    attempt.nonce = random_text();
    attempt.verifier = random_text();
    attempt.to = target_within(to);
    if (former.size() <= former_bytes_max) attempt.former = former;
    attempt.until = now + attempt_lasts;
    return attempt;
}

std::string seal_attempt(const SessionSeal& seal, const SignInAttempt& attempt) {
    const json::object held{
        {"state", attempt.state},       {"nonce", attempt.nonce},
        {"verifier", attempt.verifier}, {"to", attempt.to},
        {"former", attempt.former},     {"until", attempt.until.time_since_epoch().count()},
    };
    return seal.seal_text(json::write(held), attempt_seal);
}

std::optional<SignInAttempt> open_attempt(
    const SessionSeal& seal, std::string_view sealed, Time now
) {
    const auto text = seal.open_text(sealed, attempt_seal);
    if (!text) return {};
    const auto held = json::parse(*text);
    if (!held || !held->is_object()) return {};
    const auto& members = held->get_object();
    const auto* until = json::find(members, "until");
    if (until == nullptr || !until->is_int64()) return {};
    SignInAttempt attempt;
    attempt.state = json::string_or(members, "state", "");
    attempt.nonce = json::string_or(members, "nonce", "");
    attempt.verifier = json::string_or(members, "verifier", "");
    attempt.to = json::string_or(members, "to", "");
    attempt.former = json::string_or(members, "former", "");
    attempt.until = Time{Time::duration{until->get_int64()}};
    if (now >= attempt.until || attempt.state.empty()) return {};
    return attempt;
}

std::string authorization_url(
    const ProviderDescription& provider, const OidcRules& rules, const SignInAttempt& attempt
) {
    form::Pairs query{
        {"response_type", "code"},
        {"client_id", rules.client_id},
        {"redirect_uri", rules.redirect_uri},
        {"scope", "openid"},
        {"state", attempt.state},
        {"nonce", attempt.nonce},
        {"code_challenge", crypto::base64url(crypto::sha256(attempt.verifier))},
        {"code_challenge_method", "S256"},
    };
    if (!rules.resource.empty()) query.emplace_back("resource", rules.resource);
    if (rules.max_age.count() > 0)
        query.emplace_back("max_age", std::to_string(std::chrono::seconds{rules.max_age}.count()));
    return with_query(provider.authorization_endpoint, query);
}

std::string end_session_url(
    const ProviderDescription& provider, const OidcRules& rules, std::string_view id_token
) {
    if (provider.end_session_endpoint.empty()) return "";
    form::Pairs query{
        {"client_id", rules.client_id}, {"post_logout_redirect_uri", rules.signed_out_uri}};
    // Where it is the user token it is worth a sign-in, and no address may hold it.
    if (!id_token.empty() && !rules.takes_id_token)
        query.emplace_back("id_token_hint", std::string{id_token});
    return with_query(provider.end_session_endpoint, query);
}

bool answers(std::string_view query, const SignInAttempt& attempt) {
    const auto answer = form::read(query);
    return answer &&
           crypto::equal_in_constant_time(form::value_of(*answer, "state"), attempt.state);
}

Result<std::string> code_in(
    std::string_view query, const SignInAttempt& attempt, const ProviderDescription& provider,
    const OidcRules& rules
) {
    const auto answer = form::read(query);
    if (!answer) return refused("the provider's answer cannot be read");
    if (!answers(query, attempt)) return refused("the answer is to another try to sign in");
    const auto issuer = form::value_of(*answer, "iss");
    if (issuer.empty() ? provider.names_itself : issuer != rules.issuer)
        return refused("the answer is of another identity provider");
    if (const auto error = form::value_of(*answer, "error"); !error.empty())
        return error == "access_denied" ? Error{Errc::forbidden, "the sign-in was declined"}
                                        : refused("the provider reports an error");
    auto code = form::value_of(*answer, "code");
    if (code.empty()) return refused("the provider's answer has no code");
    return code;
}

std::optional<Time> authentication_time(const json::object& claims) {
    return date_in(claims, "auth_time");
}

Result<void> check_id_claims(
    const json::object& claims, const SignInAttempt& attempt, const OidcRules& rules, Time now
) {
    // A token that was made for another try, perhaps somebody else's, was put in its place.
    if (!crypto::equal_in_constant_time(json::string_or(claims, "nonce", ""), attempt.nonce))
        return refused("the ID token is of another try to sign in");
    const auto party = json::string_or(claims, "azp", rules.client_id);
    if (party != rules.client_id) return refused("the ID token is for another client");
    if (rules.max_age.count() == 0) return {};
    // OpenID Connect Core 1.0, 3.1.3.7: whoever has asked for max_age holds the answer against it.
    const auto seen_at = authentication_time(claims);
    if (!seen_at) return refused("the ID token does not say when the person signed in (auth_time)");
    if (!is_recent(*seen_at, rules.max_age, now))
        return refused("the person signed in too long ago (auth_time)");
    return {};
}

bool shows_another_time(std::string_view id_token, Time now) {
    const auto token = Token::read(id_token);
    const auto claims = token ? read_claims(*token) : Result<json::object>{token.error()};
    if (!claims) return false;
    const auto made = date_in(*claims, "iat"), ends = date_in(*claims, "exp");
    return (made && *made > now + leeway) || (ends && *ends + leeway <= now);
}

Result<LogoutOf> read_logout(const json::object& claims, Time now) {
    constexpr auto logout = "http://schemas.openid.net/event/backchannel-logout";
    const auto* events = json::find(claims, "events");
    const bool tells =
        events != nullptr && events->is_object() && events->get_object().contains(logout);
    // With a nonce it could be an ID token, which anybody who signs in gets.
    if (!tells || claims.contains("nonce"))
        return Error{Errc::invalid_request, "this is no logout token"};
    const auto made = date_in(claims, "iat");
    if (!made || *made > now + leeway || *made + logout_lasts + leeway <= now)
        return Error{Errc::invalid_request, "the logout token was not made just now (iat)"};
    LogoutOf whom;
    whom.provider_session = json::string_or(claims, "sid", "");
    whom.sub = json::string_or(claims, "sub", "");
    if (whom.provider_session.empty() && whom.sub.empty())
        return Error{Errc::invalid_request, "the logout token names nobody"};
    return whom;
}

}  // namespace payments::http
