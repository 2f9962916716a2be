#include "http/auth/jwt.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>
#include <sstream>

#include "fixtures/tokens.hpp"
#include "http/auth/new_key.hpp"
#include "support/clock.hpp"
#include "support/crypto.hpp"

namespace payments::http {
namespace {

using namespace std::chrono_literals;

using test::noon;
using test::object_of;
using test::signing;
constexpr std::int64_t noon_s = 1782907200;

json::object vectors() {
    std::ifstream file{PROJECT_ROOT "/tests/reference/jose-vectors.json"};
    std::stringstream text;
    text << file.rdbuf();
    return object_of(text.str());
}

// A token with any header and payload, signed with any key.
std::string signed_token(const Key& key, std::string_view header, std::string_view payload) {
    const auto text = crypto::base64url(header) + '.' + crypto::base64url(payload);
    return text + '.' + crypto::base64url(key.sign(text));
}

KeySet set_of(std::initializer_list<json::object> jwks) {
    json::array list;
    for (const auto& jwk : jwks) list.push_back(jwk);
    return KeySet::read(json::write(json::object{{"keys", list}})).value();
}

template <class T>
json::object with(json::object jwk, std::string_view member, const T& value) {
    jwk[member] = value;
    return jwk;
}
json::object without(json::object jwk, std::string_view member) {
    jwk.erase(member);
    return jwk;
}

const json::object& es256() {
    static const auto jwk = new_key(Algorithm::es256);
    return jwk;
}
const json::object& rs256() {
    static const auto jwk = new_key(Algorithm::rs256);
    return jwk;
}
const json::object& eddsa() {
    static const auto jwk = new_key(Algorithm::eddsa);
    return jwk;
}
const json::object& hs256() {
    static const auto jwk = new_key(Algorithm::hs256);
    return jwk;
}

// "" when the signature is good, else why not.
std::string judged(std::string_view text, const KeySet& keys) {
    const auto token = Token::read(text);
    if (!token) return token.error().detail;
    const auto good = check_signature(*token, keys);
    return good ? "" : good.error().detail;
}

std::string refusal(std::string_view jwks) {
    const auto keys = KeySet::read(jwks);
    if (keys) return "";
    EXPECT_EQ(keys.error().code, Errc::invalid_request);
    return keys.error().detail;
}
std::string refusal(const json::object& jwk) { return refusal(json::write(jwk)); }

// ------------------------------------------------------------------------------- signatures

TEST(Tokens, the_examples_of_the_standards_are_verified) {
    const auto all = vectors();
    ASSERT_EQ(all.at("tokens").as_array().size(), 4U);
    for (const auto& each : all.at("tokens").as_array()) {
        const auto& example = each.as_object();
        const auto token = json::string_or(example, "token", "");
        const auto keys = set_of({example.at("key").as_object()});
        EXPECT_EQ(judged(token, keys), "") << example.at("name");

        auto changed = token;
        changed[token.find('.') + 5] ^= 1;
        EXPECT_EQ(judged(changed, keys), "the token's signature is wrong") << example.at("name");
    }
}

TEST(Tokens, thumbprints_are_those_of_the_standards) {
    const auto all = vectors();
    for (const auto& each : all.at("thumbprints").as_array()) {
        const auto& example = each.as_object();
        EXPECT_EQ(thumbprint(example.at("key").as_object()), example.at("thumbprint").as_string());
    }
}

TEST(Tokens, a_new_key_of_every_algorithm_signs_what_its_public_half_verifies) {
    for (const auto& jwk : {es256(), rs256(), eddsa(), hs256()}) {
        const auto token = mint(signing(jwk), {{"sub", "anna"}}, noon);
        EXPECT_EQ(judged(token, set_of({public_jwk(jwk)})), "") << jwk.at("alg");
        EXPECT_EQ(public_jwk(jwk).contains("d"), false);
    }
}

TEST(Tokens, a_signature_is_refused_when_any_part_of_it_or_of_the_text_differs) {
    for (const auto& jwk : {es256(), rs256(), eddsa(), hs256()}) {
        const auto keys = set_of({jwk});
        const auto token = mint(signing(jwk), {{"sub", "anna"}}, noon);
        const auto dot = token.rfind('.');
        const auto signature = *crypto::unbase64url(token.substr(dot + 1));
        const auto judged_with = [&](const std::string& other) {
            return judged(token.substr(0, dot + 1) + crypto::base64url(other), keys);
        };
        const std::string wrong = "the token's signature is wrong";
        EXPECT_EQ(judged_with(""), wrong);
        EXPECT_EQ(judged_with(signature.substr(0, signature.size() - 1)), wrong);
        EXPECT_EQ(judged_with(signature.substr(0, signature.size() / 2)), wrong);
        EXPECT_EQ(judged_with(signature + '\0'), wrong);
        EXPECT_EQ(judged_with('\0' + signature), wrong);
        EXPECT_EQ(judged_with(std::string(signature.size(), '\0')), wrong);
        EXPECT_TRUE(rc::check([&] {
            auto other = signature;
            other[*rc::gen::inRange<std::size_t>(0, other.size())] ^= 1 << *rc::gen::inRange(0, 8);
            RC_ASSERT(judged_with(other) == wrong);
        }));
    }
}

TEST(Tokens, an_es256_signature_in_der_is_refused) {
    const auto token = mint(signing(es256()), {}, noon);
    const auto dot = token.rfind('.');
    const auto raw = *crypto::unbase64url(token.substr(dot + 1));
    const auto integer = [](std::string bytes) {
        if (bytes[0] & '\x80') bytes.insert(0, 1, '\0');
        return '\x02' + std::string(1, static_cast<char>(bytes.size())) + bytes;
    };
    const auto both = integer(raw.substr(0, 32)) + integer(raw.substr(32));
    const auto der = '\x30' + std::string(1, static_cast<char>(both.size())) + both;
    EXPECT_EQ(
        judged(token.substr(0, dot + 1) + crypto::base64url(der), set_of({es256()})),
        "the token's signature is wrong"
    );
}

TEST(Tokens, the_key_decides_the_algorithm_and_never_the_token) {
    const auto& modulus = rs256().at("n").as_string();
    for (const std::string& secret :
         {std::string(modulus), *crypto::unbase64url(std::string(modulus)),
          json::write(public_jwk(rs256()))}) {
        const auto attacker = signing({{"kty", "oct"}, {"k", crypto::base64url(secret)}});
        const auto token = signed_token(attacker, R"({"alg":"HS256"})", R"({"sub":"eve"})");
        EXPECT_EQ(judged(token, set_of({rs256()})), "no key fits the token's alg");
    }
    for (const auto* alg : {"none", "None", "", "HS384", "RS512", "PS256", "ES384", "es256"}) {
        const auto header = R"({"alg":")" + std::string(alg) + R"("})";
        const auto token = crypto::base64url(header) + ".e30.";
        EXPECT_EQ(
            judged(token, set_of({rs256(), es256(), hs256(), eddsa()})),
            "no key fits the token's alg"
        ) << alg;
    }
}

TEST(Tokens, a_key_that_the_token_brings_along_is_not_looked_at) {
    const auto attacker = new_key(Algorithm::es256);
    const json::object header{
        {"alg", "ES256"}, {"jwk", public_jwk(attacker)}, {"jku", "https://example.org/keys"}};
    const auto token = signed_token(signing(attacker), json::write(header), "{}");
    EXPECT_EQ(judged(token, set_of({es256()})), "the token's signature is wrong");
}

// ------------------------------------------------------------------------------ choosing keys

TEST(Tokens, a_kid_names_the_one_key_that_counts) {
    const auto first = with(new_key(Algorithm::es256), "kid", "a");
    const auto second = with(new_key(Algorithm::es256), "kid", "b");
    const auto keys = set_of({first, second});
    const auto claims_b = R"({"alg":"ES256","kid":"b"})";

    EXPECT_EQ(judged(signed_token(signing(second), claims_b, "{}"), keys), "");
    EXPECT_EQ(
        judged(signed_token(signing(first), claims_b, "{}"), keys), "the token's signature is wrong"
    );
    EXPECT_EQ(
        judged(signed_token(signing(first), R"({"alg":"ES256","kid":"c"})", "{}"), keys),
        "the token's kid is none of our keys"
    );
    EXPECT_EQ(
        judged(signed_token(signing(first), R"({"alg":"RS256","kid":"a"})", "{}"), keys),
        "no key fits the token's alg"
    );
}

TEST(Tokens, without_a_kid_the_one_fitting_key_is_tried_and_several_are_refused) {
    const auto token = signed_token(signing(es256()), R"({"alg":"ES256"})", "{}");
    EXPECT_EQ(judged(token, set_of({rs256(), es256(), hs256()})), "");
    EXPECT_EQ(
        judged(token, set_of({es256(), new_key(Algorithm::es256)})),
        "several keys fit the token, which must name one by kid"
    );
    const auto twin = with(new_key(Algorithm::es256), "kid", es256().at("kid"));
    EXPECT_EQ(
        judged(mint(signing(es256()), {}, noon), set_of({es256(), twin})),
        "our key set has the token's kid more than once"
    );
}

TEST(Tokens, of_one_key_that_is_twice_under_one_kid_the_operator_is_told) {
    const auto key = with(es256(), "kid", "twice");
    const auto keys = set_of({key, key, hs256()});
    EXPECT_EQ(
        judged(mint(signing(key), {}, noon), keys), "our key set has the token's kid more than once"
    );
    EXPECT_EQ(
        keys.remarks(),
        std::vector<std::string>{
            R"(key "twice" is in the set more than once: tokens that name it are refused)"}
    );
    EXPECT_TRUE(set_of({es256(), hs256()}).remarks().empty());
}

TEST(Tokens, ed25519_is_another_name_of_eddsa) {
    const auto named = with(public_jwk(eddsa()), "alg", "Ed25519");
    const auto kid = json::string_or(eddsa(), "kid", "");
    const auto token = [&](const std::string& alg) {
        return signed_token(
            signing(eddsa()), R"({"alg":")" + alg + R"(","kid":")" + kid + "\"}", "{}"
        );
    };
    for (const auto& keys : {set_of({eddsa()}), set_of({named})})
        for (const auto* alg : {"EdDSA", "Ed25519"}) EXPECT_EQ(judged(token(alg), keys), "") << alg;
    EXPECT_EQ(judged(token("Ed448"), set_of({named})), "no key fits the token's alg");
    EXPECT_EQ(
        refusal(with(public_jwk(es256()), "alg", "Ed25519")),
        "key \"" + json::string_or(es256(), "kid", "") +
            "\": its alg Ed25519 does not go with its kty EC"
    );
    EXPECT_TRUE(read_signing_key(json::write(with(eddsa(), "alg", "Ed25519"))));
}

TEST(Tokens, keys_that_are_not_for_us_are_passed_over) {
    const std::pair<json::object, std::string> others[] = {
        {with(public_jwk(es256()), "use", "enc"), "its use is not sig"},
        {with(public_jwk(es256()), "key_ops", json::array{"sign"}),
         "its key_ops do not hold verify"},
        {with(public_jwk(rs256()), "alg", "RS512"), "its alg is none that we use"},
        {with(public_jwk(rs256()), "alg", "RSA-OAEP"), "its alg is none that we use"},
        {with(public_jwk(es256()), "crv", "P-384"), "its kty or crv is none that we use"},
        {with(public_jwk(eddsa()), "crv", "X25519"), "its kty or crv is none that we use"},
        {json::object{{"kty", "quantum"}}, "its kty or crv is none that we use"},
        {json::object{}, "its kty or crv is none that we use"},
    };
    for (const auto& [other, why] : others) {
        const auto text = json::write(json::object{{"keys", json::array{without(other, "kid")}}});
        EXPECT_EQ(
            refusal(text),
            "the set has no key for RS256, ES256, EdDSA or HS256 signatures: key 1 of the set: " +
                why
        ) << text;
    }
    const auto keys = set_of({others[0].first, others[2].first, es256()});
    EXPECT_EQ(judged(mint(signing(es256()), {}, noon), keys), "");
    EXPECT_EQ(
        judged(mint(signing(es256()), {}, noon), set_of({others[1].first, hs256()})),
        "the key of the token's kid is not used: its key_ops do not hold verify"
    );
    const auto verifying = with(public_jwk(es256()), "key_ops", json::array{"verify"});
    EXPECT_EQ(judged(mint(signing(es256()), {}, noon), set_of({verifying})), "");
}

TEST(Tokens, a_lone_key_is_a_set_of_one) {
    const auto keys = KeySet::read(json::write(es256())).value();
    EXPECT_EQ(judged(mint(signing(es256()), {}, noon), keys), "");
}

// ---------------------------------------------------------------------------------- weak keys

json::object rsa_of_bits(int bits) {
    auto modulus = std::string(static_cast<std::size_t>(bits / 8), '\xff');
    return {{"kty", "RSA"}, {"kid", "old"}, {"n", crypto::base64url(modulus)}, {"e", "AQAB"}};
}

TEST(Tokens, an_rsa_key_under_2048_bits_is_refused_by_name) {
    EXPECT_EQ(
        refusal(rsa_of_bits(1024)),
        R"(key "old": its RSA modulus has 1024 bits, allowed are 2048 to 16384)"
    );
    const auto padded = std::string(8, '\0') + std::string(255, '\x7f');
    EXPECT_EQ(
        refusal(with(rsa_of_bits(2048), "n", crypto::base64url(padded))),
        R"(key "old": its RSA modulus has 2039 bits, allowed are 2048 to 16384)"
    );
    EXPECT_EQ(refusal(rsa_of_bits(2048)), "");
}

TEST(Tokens, an_rsa_exponent_that_is_even_or_one_is_refused) {
    const auto exponent = [](const std::string& bytes) {
        return refusal(with(rsa_of_bits(2048), "e", crypto::base64url(bytes)));
    };
    EXPECT_EQ(exponent("\x01"), R"(key "old": its RSA exponent is 1)");
    EXPECT_EQ(exponent("\x04"), R"(key "old": its RSA exponent is even)");
    EXPECT_EQ(exponent(std::string(1, '\0')), R"(key "old": its RSA exponent is even)");
    EXPECT_EQ(exponent("\x03"), "");
}

TEST(Tokens, an_hmac_secret_under_32_bytes_is_refused_without_showing_it) {
    const auto secret = [](std::size_t bytes) {
        return refusal(json::object{
            {"kty", "oct"}, {"k", crypto::base64url(std::string(bytes, 's'))}});
    };
    EXPECT_EQ(secret(31), "key 1 of the set: its secret has 31 bytes, HS256 needs 32");
    EXPECT_EQ(secret(32), "");
}

TEST(Tokens, a_broken_key_is_refused_by_name_or_place) {
    const auto point = with(public_jwk(es256()), "kid", "p");
    EXPECT_EQ(
        refusal(with(point, "x", crypto::base64url(std::string(32, '\1')))),
        R"(key "p": its point is not on the curve P-256)"
    );
    EXPECT_EQ(
        refusal(with(point, "x", "AQ")), R"(key "p": its coordinates do not have 32 bytes each)"
    );
    EXPECT_EQ(refusal(without(point, "y")), R"(key "p": its member y is not base64url text)");
    EXPECT_EQ(
        refusal(with(point, "alg", "HS256")),
        R"(key "p": its alg HS256 does not go with its kty EC)"
    );
    EXPECT_EQ(
        refusal(with(with(public_jwk(eddsa()), "x", "AQ"), "kid", "e")),
        R"(key "e": its member x does not have 32 bytes)"
    );
    EXPECT_EQ(
        refusal(R"({"keys":[{"kty":"quantum"},{"kty":"oct","k":"="}]})"),
        "key 2 of the set: its member k is not base64url text"
    );
    EXPECT_EQ(refusal(R"({"keys":[1]})"), "key 1 of the set: not a JSON object");
}

TEST(Tokens, a_text_that_is_no_key_set_is_refused) {
    EXPECT_TRUE(refusal("<html>").starts_with("not a key set: This is not JSON"));
    EXPECT_EQ(refusal("[]"), "not a key set: not a JSON object");
    EXPECT_EQ(refusal("{}"), "not a key set: it has no list \"keys\"");
    EXPECT_EQ(refusal(R"({"keys":{}})"), "not a key set: it has no list \"keys\"");
    EXPECT_EQ(refusal(std::string(KeySet::bytes_max + 1, ' ')), "a key set has at most 256 KiB");
}

TEST(Tokens, a_private_key_whose_halves_do_not_belong_together_cannot_sign) {
    for (const auto algorithm : {Algorithm::es256, Algorithm::eddsa}) {
        const auto one = new_key(algorithm), other = new_key(algorithm);
        const auto key = read_signing_key(json::write(with(one, "d", other.at("d"))));
        ASSERT_FALSE(key);
        EXPECT_EQ(
            key.error().detail,
            "the signing key: its private part does not belong to its public part"
        );
    }
    EXPECT_EQ(
        read_signing_key(json::write(public_jwk(es256()))).error().detail,
        "the signing key: its member d is not base64url text"
    );
    EXPECT_TRUE(read_signing_key(json::write(rs256())));
}

// -------------------------------------------------------------------------------- the envelope

TEST(Tokens, a_token_has_three_parts_of_strict_base64url) {
    const auto token = mint(signing(es256()), {{"sub", "anna"}}, noon);
    const auto keys = set_of({es256()});
    ASSERT_EQ(judged(token, keys), "");
    for (const auto* text : {"", "a", "a.b", "a.b.c.d", "{\"payload\":\"\"}"})
        EXPECT_EQ(judged(text, keys), "the token does not have three parts") << text;
    for (const auto& text : {token + "=", token + "\n", " " + token, token + "A=", "!" + token})
        EXPECT_EQ(judged(text, keys), "the token is not base64url without padding") << text;
    EXPECT_EQ(judged(token + ".", keys), "the token does not have three parts");
}

TEST(Tokens, a_signature_with_spare_bits_is_refused) {
    const auto token = mint(signing(es256()), {}, noon);  // 64 bytes: four spare bits at the end
    auto other = token;
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    other.back() = alphabet[alphabet.find(other.back()) + 1];
    EXPECT_EQ(judged(other, set_of({es256()})), "the token is not base64url without padding");
}

TEST(Tokens, a_header_is_strict_json_with_an_alg) {
    const auto keys = set_of({es256()});
    const auto with_header = [&](std::string_view header) {
        return judged(signed_token(signing(es256()), header, "{}"), keys);
    };
    EXPECT_EQ(with_header(R"({"typ":"at+jwt","alg":"ES256"})"), "");
    const std::string not_json = "the token's header is not a JSON object with distinct members";
    EXPECT_EQ(with_header(R"({"alg":"none","alg":"ES256"})"), not_json);
    EXPECT_EQ(with_header(R"(["ES256"])"), not_json);
    EXPECT_EQ(with_header(""), not_json);
    EXPECT_EQ(with_header("{}"), "the token's alg is missing or no text");
    EXPECT_EQ(with_header(R"({"alg":["ES256"]})"), "the token's alg is missing or no text");
    EXPECT_EQ(with_header(R"({"alg":"ES256","kid":1})"), "the token's kid is no text");
    EXPECT_EQ(with_header(R"({"alg":"ES256","kid":null})"), "the token's kid is no text");
}

TEST(Tokens, crit_and_b64_are_refused) {
    const auto keys = set_of({es256()});
    const auto with_header = [&](std::string_view header) {
        return judged(signed_token(signing(es256()), header, "{}"), keys);
    };
    EXPECT_EQ(with_header(R"({"alg":"ES256","crit":["exp"]})"), "the token's header has crit");
    EXPECT_EQ(with_header(R"({"alg":"ES256","crit":null})"), "the token's header has crit");
    EXPECT_EQ(with_header(R"({"alg":"ES256","b64":true})"), "the token's header has b64");
}

// ---------------------------------------------------------------------------------- the claims

std::string claims_refusal(std::string_view claims, const ClaimRules& rules = {}, Time now = noon) {
    const auto until = check_claims(object_of(claims), rules, now);
    return until ? "" : until.error().detail;
}

std::string at_noon(std::string_view name, std::int64_t offset_s) {
    return R"({"exp":1782910800,")" + std::string{name} +
           "\":" + std::to_string(noon_s + offset_s) + "}";
}

TEST(Tokens, exp_is_required_and_has_a_leeway_of_a_minute) {
    const auto expires = [](std::int64_t offset_s) {
        return claims_refusal("{\"exp\":" + std::to_string(noon_s + offset_s) + "}");
    };
    EXPECT_EQ(expires(1), "");
    EXPECT_EQ(expires(-59), "");
    EXPECT_EQ(expires(-60), "the token has expired");
    EXPECT_EQ(claims_refusal("{}"), "the token has no exp");
    EXPECT_EQ(claims_refusal(R"({"exp":"1782910800"})"), "the token's exp is not a number");
    EXPECT_EQ(claims_refusal(R"({"exp":null})"), "the token's exp is not a number");
    EXPECT_EQ(claims_refusal(R"({"exp":-1e300})"), "the token has expired");
    EXPECT_EQ(claims_refusal(R"({"exp":1e300})"), "");
    EXPECT_EQ(claims_refusal(R"({"exp":1782907140.001})"), "");
    EXPECT_EQ(claims_refusal(R"({"exp":1782907139.999})"), "the token has expired");
    EXPECT_EQ(check_claims(object_of(at_noon("x", 0)), {}, noon).value(), noon + 1h + 60s);
}

TEST(Tokens, nbf_and_iat_may_be_a_minute_ahead_and_no_more) {
    EXPECT_EQ(claims_refusal(at_noon("nbf", 60)), "");
    EXPECT_EQ(claims_refusal(at_noon("nbf", 61)), "the token is not valid yet");
    EXPECT_EQ(claims_refusal(at_noon("iat", 60)), "");
    EXPECT_EQ(claims_refusal(at_noon("iat", 61)), "the token was issued in the future");
    EXPECT_EQ(
        claims_refusal(R"({"exp":1782910800,"nbf":true})"), "the token's nbf is not a number"
    );
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"iat":"0"})"), "the token's iat is not a number");
}

TEST(Tokens, the_issuer_is_held_to_the_one_we_trust) {
    const ClaimRules rules{"https://id.example", ""};
    const std::string refused = "the token is not from the issuer we trust";
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"iss":"https://id.example"})", rules), "");
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"iss":"https://id.example/"})", rules), refused);
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"iss":["https://id.example"]})", rules), refused);
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800})", rules), refused);
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"iss":"anyone"})"), "");
}

TEST(Tokens, the_audience_may_be_a_text_or_a_list) {
    const ClaimRules rules{"", "payments"};
    const std::string refused = "the token is for another audience";
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"aud":"payments"})", rules), "");
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"aud":["shop","payments"]})", rules), "");
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"aud":"payments2"})", rules), refused);
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"aud":["shop"]})", rules), refused);
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"aud":{"payments":1}})", rules), refused);
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800})", rules), refused);
    EXPECT_EQ(claims_refusal(R"({"exp":1782910800,"aud":"anyone"})"), "");
}

Result<Caller> caller_of(std::string_view claims) {
    const auto kind = kind_of(object_of(claims));
    if (!kind) return kind.error();
    return read_caller(object_of(claims), *kind);
}

TEST(Tokens, a_user_token_names_the_user_and_the_privileges) {
    const auto caller = caller_of(R"({"sub":"anna","privs":{"payments_search":"true"}})").value();
    EXPECT_EQ(caller.kind, Caller::Kind::user);
    EXPECT_EQ(caller.name, "anna");
    EXPECT_EQ(caller.privileges, (Privileges{{"payments_search", "true"}}));
}

TEST(Tokens, a_service_token_names_the_service_and_perhaps_whose_privileges_it_uses) {
    const auto alone = caller_of(R"({"service":"tickets","sub":"x"})").value();
    EXPECT_EQ(alone.kind, Caller::Kind::service);
    EXPECT_EQ(alone.name, "tickets");
    EXPECT_TRUE(alone.privileges.empty());
    const auto acting = caller_of(R"({"service":"shop","servicePrivs":{"a":"HU,INT"}})").value();
    EXPECT_EQ(acting.privileges, (Privileges{{"a", "HU,INT"}}));
}

TEST(Tokens, without_privileges_in_the_token_the_caller_has_none) {
    for (const auto* claims :
         {R"({"sub":"anna"})", R"({"sub":"anna","privs":null})", R"({"sub":"anna","privs":{}})"}) {
        const auto caller = caller_of(claims).value();
        EXPECT_EQ(caller.kind, Caller::Kind::user);
        EXPECT_EQ(caller.name, "anna");
        EXPECT_TRUE(caller.privileges.empty());
    }
    const auto both = object_of(R"({"sub":"anna","service":"shop","privs":{"a":"1"}})");
    EXPECT_EQ(read_caller(both, Caller::Kind::user)->name, "anna");
    EXPECT_TRUE(read_caller(both, Caller::Kind::service)->privileges.empty());
}

TEST(Tokens, claims_of_the_wrong_shape_make_a_token_invalid) {
    const auto refused = [](std::string_view claims) {
        const auto caller = caller_of(claims);
        return caller ? "" : caller.error().detail;
    };
    EXPECT_EQ(refused("{}"), "the token's sub is missing or no text");
    EXPECT_EQ(
        refused(R"({"sub":"anna","privs":{},"service":"x"})"),
        "the token has the claims of a user and of a service"
    );
    EXPECT_EQ(refused(R"({"privs":{}})"), "the token's sub is missing or no text");
    EXPECT_EQ(refused(R"({"sub":"","privs":{}})"), "the token's sub is missing or no text");
    EXPECT_EQ(refused(R"({"sub":7,"privs":{}})"), "the token's sub is missing or no text");
    EXPECT_EQ(refused(R"({"service":["x"]})"), "the token's service is missing or no text");
    EXPECT_EQ(refused(R"({"sub":"a","privs":[]})"), "the token's privs is not an object");
    EXPECT_EQ(
        refused(R"({"service":"a","servicePrivs":"all"})"),
        "the token's servicePrivs is not an object"
    );
    for (const auto* value : {"true", "1", "null", "[\"HU\"]", "{}"})
        EXPECT_EQ(
            refused(R"({"sub":"a","privs":{"payments_search":)" + std::string{value} + "}}"),
            "a privilege in the token's privs is not a text"
        ) << value;
}

TEST(Tokens, claims_are_strict_json) {
    const auto claims_of = [](std::string_view payload) {
        const auto token = signed_token(signing(es256()), R"({"alg":"ES256"})", payload);
        return read_claims(Token::read(token).value());
    };
    EXPECT_TRUE(claims_of("{}"));
    for (const auto* payload : {"", "[]", "\"x\"", R"({"sub":"a","sub":"b"})", "{}{}"})
        EXPECT_FALSE(claims_of(payload)) << payload;
}

// ------------------------------------------------------------------------------------ minting

TEST(Tokens, a_minted_token_says_the_claims_and_lives_five_minutes) {
    const auto token = Token::read(mint(signing(es256()), {{"service", "payments"}}, noon)).value();
    EXPECT_EQ(
        json::canonical(read_claims(token).value()),
        R"({"exp":1782907500,"iat":1782907200,"service":"payments"})"
    );
    EXPECT_EQ(token.kid, json::string_or(es256(), "kid", ""));
    EXPECT_EQ(token.alg, "ES256");
}

TEST(Tokens, dates_that_are_given_are_not_changed) {
    const auto token = mint(signing(hs256()), {{"iat", 1}, {"exp", 2}}, noon);
    EXPECT_EQ(Token::read(token)->payload, R"({"iat":1,"exp":2})");
}

}  // namespace
}  // namespace payments::http
