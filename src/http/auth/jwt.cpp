#include "http/auth/jwt.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "support/crypto.hpp"

namespace payments::http {
namespace {

namespace chrono = std::chrono;

// Of the tokens we mint: longer than any call with all its retries, and short for one that leaks.
constexpr chrono::minutes lifetime{5};

// Compact serialization (RFC 7515, 7.1); one with five parts is encrypted, and none of ours.
std::optional<std::array<std::string_view, 3>> three_parts(std::string_view text) {
    const auto first = text.find('.');
    if (first == text.npos) return std::nullopt;
    const auto second = text.find('.', first + 1);
    if (second == text.npos || text.find('.', second + 1) != text.npos) return std::nullopt;
    return std::array{
        text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
}

// Seconds since 1970, perhaps with a fraction (RFC 7519 section 2). Numbers beyond any date are
// cut to one in the far past or future, which they mean.
std::optional<Time> read_date(const json::value& v) {
    if (!v.is_number()) return std::nullopt;
    constexpr double far_s = 1e12;
    const double seconds = std::clamp(v.to_number<double>(), -far_s, far_s);
    return Time{chrono::milliseconds{static_cast<std::int64_t>(std::floor(seconds * 1000))}};
}

// Nothing when the claim is missing; an error when it is no date.
Result<std::optional<Time>> date_claim(const json::object& claims, std::string_view name) {
    const auto* member = claims.if_contains(name);
    if (!member) return std::optional<Time>{};
    const auto date = read_date(*member);
    if (!date) return unauthorized_because("the token's " + std::string{name} + " is not a number");
    return date;
}

bool is_for(const json::object& claims, std::string_view audience) {
    const auto* aud = json::find(claims, "aud");
    if (!aud) return false;
    if (aud->is_string()) return aud->get_string() == audience;
    if (!aud->is_array()) return false;
    return std::ranges::any_of(aud->get_array(), [&](const auto& each) {
        return each.is_string() && each.get_string() == audience;
    });
}

Result<std::string> name_claim(const json::object& claims, std::string_view name) {
    auto text = json::string_or(claims, name, "");
    if (text.empty())
        return unauthorized_because("the token's " + std::string{name} + " is missing or no text");
    return text;
}

// One that is no text makes the token unusable: to leave it out would judge by half of what was
// signed.
Result<Privileges> privileges_claim(const json::object& claims, std::string_view name) {
    const auto* member = claims.if_contains(name);
    if (!member || !member->is_object())
        return unauthorized_because("the token's " + std::string{name} + " is not an object");
    Privileges privileges;
    for (const auto& [privilege, value] : member->get_object()) {
        if (!value.is_string())
            return unauthorized_because(
                "a privilege in the token's " + std::string{name} + " is not a text"
            );
        privileges.emplace(privilege, value.get_string());
    }
    return privileges;
}

}  // namespace

Result<Token> Token::read(std::string_view text) {
    const auto parts = three_parts(text);
    if (!parts) return unauthorized_because("the token does not have three parts");
    const auto& [header_text, payload_text, signature_text] = *parts;
    const auto header_bytes = crypto::unbase64url(header_text);
    auto payload = crypto::unbase64url(payload_text);
    auto signature = crypto::unbase64url(signature_text);
    if (!header_bytes || !payload || !signature)
        return unauthorized_because("the token is not base64url without padding");

    const auto parsed = json::parse(*header_bytes);
    if (!parsed || !parsed->is_object())
        return unauthorized_because("the token's header is not a JSON object with distinct members"
        );
    const auto& header = parsed->get_object();
    // Both change what the signature covers or means (RFC 7515, 4.1.11; RFC 7797); a reader that
    // ignored them would check something else than the signer meant.
    if (header.contains("crit")) return unauthorized_because("the token's header has crit");
    if (header.contains("b64")) return unauthorized_because("the token's header has b64");
    const auto* alg = header.if_contains("alg");
    // Only compared with the key's own: the key decides (docs/design.md, 4.3).
    if (!alg || !alg->is_string())
        return unauthorized_because("the token's alg is missing or no text");
    const auto* kid = header.if_contains("kid");
    if (kid && !kid->is_string()) return unauthorized_because("the token's kid is no text");

    Token token;
    token.signed_text = text.substr(0, header_text.size() + 1 + payload_text.size());
    token.alg = alg->get_string();
    if (kid) token.kid = std::string(kid->get_string());
    token.payload = std::move(*payload);
    token.signature = std::move(*signature);
    return token;
}

Result<void> check_signature(const Token& token, const KeySet& keys) {
    const auto key = keys.fitting(token.kid, token.alg);
    if (!key) return key.error();
    if (!key->verify(token.signed_text, token.signature))
        return unauthorized_because("the token's signature is wrong");
    return {};
}

Result<json::object> read_claims(const Token& token) {
    auto parsed = json::parse(token.payload);
    if (!parsed || !parsed->is_object())
        return unauthorized_because("the token's claims are not a JSON object with distinct members"
        );
    return std::move(parsed->get_object());
}

Result<Time> check_claims(const json::object& claims, const ClaimRules& rules, Time now) {
    const auto exp = date_claim(claims, "exp"), nbf = date_claim(claims, "nbf"),
               iat = date_claim(claims, "iat");
    for (const auto* date : {&exp, &nbf, &iat})
        if (!*date) return date->error();
    // A token without an end could never be withdrawn but by changing the key.
    if (!*exp) return unauthorized_because("the token has no exp");
    const auto until = **exp + leeway;
    if (now >= until) return unauthorized_because("the token has expired");
    if (*nbf && **nbf > now + leeway) return unauthorized_because("the token is not valid yet");
    if (*iat && **iat > now + leeway)
        return unauthorized_because("the token was issued in the future");

    // Asked for only where the settings name them (docs/design.md, 4.3).
    const auto* iss = json::find(claims, "iss");
    if (!rules.issuer.empty() && (!iss || *iss != json::value(rules.issuer)))
        return unauthorized_because("the token is not from the issuer we trust");
    if (!rules.audience.empty() && !is_for(claims, rules.audience))
        return unauthorized_because("the token is for another audience");
    return until;
}

Result<Caller::Kind> kind_of(const json::object& claims) {
    const bool service = json::find(claims, "service");
    if (service && json::find(claims, "privs"))
        return unauthorized_because("the token has the claims of a user and of a service");
    return service ? Caller::Kind::service : Caller::Kind::user;
}

Result<Caller> read_caller(const json::object& claims, Caller::Kind kind) {
    const bool user = kind == Caller::Kind::user;
    auto name = name_claim(claims, user ? "sub" : "service");
    if (!name) return name.error();
    Caller caller{kind, std::move(*name), {}};
    if (user) caller.shown_name = json::string_or(claims, "name", "");
    const auto* claim = user ? "privs" : "servicePrivs";
    if (!json::find(claims, claim)) return caller;

    auto privileges = privileges_claim(claims, claim);
    if (!privileges) return privileges.error();
    caller.privileges = std::move(*privileges);
    return caller;
}

std::string mint(const Key& key, json::object claims, Time now) {
    const auto seconds = [](Time time) {
        return chrono::floor<chrono::seconds>(time).time_since_epoch().count();
    };
    if (!claims.contains("iat")) claims["iat"] = seconds(now);
    if (!claims.contains("exp")) claims["exp"] = seconds(now + lifetime);

    json::object header{{"alg", name(key.algorithm())}, {"typ", "JWT"}};
    if (!key.id().empty()) header["kid"] = key.id();
    const auto text =
        crypto::base64url(json::write(header)) + '.' + crypto::base64url(json::write(claims));
    return text + '.' + crypto::base64url(key.sign(text));
}

}  // namespace payments::http
