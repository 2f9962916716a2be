#include "http/auth/verifier.hpp"

#include <algorithm>

namespace payments::http {
namespace {

bool is_equal_ignoring_case(std::string_view a, std::string_view lower) {
    return std::ranges::equal(a, lower, {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
}

Result<void> check_kind(Caller::Kind kind, Accepts accepts) {
    if (kind == Caller::Kind::user && accepts == Accepts::service)
        return unauthorized_because("a service token is needed here, not a user's");
    if (kind == Caller::Kind::service && accepts == Accepts::user)
        return unauthorized_because("a user token is needed here, not a service's");
    return {};
}

}  // namespace

Result<std::string_view> bearer_token(std::string_view authorization) {
    constexpr std::string_view scheme = "bearer";
    if (authorization.empty()) return unauthorized_because("a token is needed");
    const auto space = std::min(authorization.find(' '), authorization.size());
    if (!is_equal_ignoring_case(authorization.substr(0, space), scheme))
        return unauthorized_because("the Authorization header is not of the Bearer scheme");
    const auto start = authorization.find_first_not_of(' ', space);
    if (start == authorization.npos)
        return unauthorized_because("the Authorization header has no token");
    return authorization.substr(start);
}

TokenVerifier::TokenVerifier(
    KeyRing& user_keys, ClaimRules user_rules, KeyRing& service_keys, ClaimRules service_rules
)
    : users_{user_keys, std::move(user_rules), user_keys.keys()},
      services_{service_keys, std::move(service_rules), service_keys.keys()} {}

Task<Result<Caller>> TokenVerifier::verify(std::string authorization, Accepts accepts, Time now) {
    const auto bearer = bearer_token(authorization);
    if (!bearer) co_return bearer.error();
    const std::string text{*bearer};
    if (users_.ring.is_look_due(now) || services_.ring.is_look_due(now)) co_await look(now);

    if (const auto* known = recall(text, now)) {
        if (const auto fits = check_kind(known->kind, accepts); !fits) co_return fits.error();
        co_return *known;
    }
    const auto token = Token::read(text);
    if (!token) co_return token.error();
    auto verdict = judge(*token);
    if (!verdict.is_good()) {
        if (accepts != Accepts::service) co_await renew(users_, token->kid, now);
        if (accepts != Accepts::user) co_await renew(services_, token->kid, now);
        verdict = judge(*token);
    }
    const auto claims = read_claims(*token);
    if (!claims) co_return claims.error();
    const auto kind = verdict.kind(*claims);
    if (!kind) co_return kind.error();
    if (const auto fits = check_kind(*kind, accepts); !fits) co_return fits.error();

    const auto until = check_claims(*claims, side(*kind).rules, now);
    if (!until) co_return until.error();
    auto caller = read_caller(*claims, *kind);
    if (caller) remember(text, *caller, *until, now);
    co_return caller;
}

TokenVerifier::Verdict TokenVerifier::judge(const Token& token) const {
    return {check_signature(token, *users_.keys), check_signature(token, *services_.keys)};
}

// The keys decide. The claims do only where one key set serves both kinds, and of a token that none
// of our keys has made they choose which refusal is told: nobody else's word is believed.
Result<Caller::Kind> TokenVerifier::Verdict::kind(const json::object& claims) const {
    if (by_user && by_service) return kind_of(claims);
    if (by_user) return Caller::Kind::user;
    if (by_service) return Caller::Kind::service;
    return json::find(claims, "service") ? by_service.error() : by_user.error();
}

// Fetches the side's keys when a token names one that is not among them.
Task<void> TokenVerifier::renew(Side& side, std::optional<std::string> kid, Time now) {
    if (kid && !side.keys->knows(*kid)) co_await side.ring.renew(now);
    take_new_keys(side);
}

Task<void> TokenVerifier::look(Time now) {
    if (users_.ring.is_look_due(now)) co_await users_.ring.look(now);
    if (services_.ring.is_look_due(now)) co_await services_.ring.look(now);
}

void TokenVerifier::take_new_keys(Side& side) {
    const auto version = side.ring.version();
    if (version == side.version) return;
    side.version = version;
    side.keys = side.ring.keys();
    remembered_.clear();
}

const Caller* TokenVerifier::recall(const std::string& text, Time now) {
    take_new_keys(users_);
    take_new_keys(services_);
    const auto found = remembered_.find(text);
    if (found == remembered_.end()) return nullptr;
    if (now < found->second.until) return &found->second.caller;
    remembered_.erase(found);
    return nullptr;
}

void TokenVerifier::remember(const std::string& text, const Caller& caller, Time until, Time now) {
    if (text.size() > remembered_bytes_max) return;
    if (remembered_.size() >= remembered_max)
        std::erase_if(remembered_, [&](const auto& each) { return each.second.until <= now; });
    if (remembered_.size() >= remembered_max) remembered_.clear();
    remembered_.emplace(text, Remembered{caller, until});
}

}  // namespace payments::http
