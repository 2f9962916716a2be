// What is asked of an identity provider, and which of its answers are taken.
#include "http/console/oidc_sign_in.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "support/crypto.hpp"
#include "support/form.hpp"

namespace payments::http {
namespace {

using namespace std::chrono_literals;

constexpr Time tried_at{1'800'000'000s};

ProviderDescription described() {
    ProviderDescription provider;
    provider.authorization_endpoint = "https://id.example/auth?tenant=1";
    provider.token_endpoint = "https://id.example/token";
    provider.end_session_endpoint = "https://id.example/end";
    provider.names_itself = true;
    return provider;
}

OidcRules oidc_rules() {
    OidcRules rules;
    rules.issuer = "https://id.example/";
    rules.client_id = "console";
    rules.redirect_uri = "https://pay.example/console/signed-in";
    rules.signed_out_uri = "https://pay.example/console/signed-out";
    return rules;
}

class OidcSignIn : public testing::Test {
protected:
    std::string answer(const form::Pairs& changes = {}) const {
        form::Pairs pairs{{"code", "c0de"}, {"state", attempt.state}, {"iss", rules.issuer}};
        for (const auto& change : changes) {
            std::erase_if(pairs, [&](const auto& pair) { return pair.first == change.first; });
            if (!change.second.empty()) pairs.push_back(change);
        }
        return form::write(pairs);
    }
    Result<std::string> code(const std::string& query) const {
        return code_in(query, attempt, provider, rules);
    }

    const SessionSeal seal{{std::string(32, 'k')}};
    const OidcRules rules = oidc_rules();
    const SignInAttempt attempt =
        new_attempt("/console/payments/1", std::string(43, 'f'), tried_at);
    ProviderDescription provider = described();
};

TEST_F(OidcSignIn, leads_into_the_console_and_nowhere_else) {
    for (const auto* within :
         {"/console/", "/console/payments/123", "/console/payments?status=paid"})
        EXPECT_EQ(target_within(within), within);
    for (const auto* without :
         {"", "/", "/console", "https://evil.example/console/", "//evil.example/console/",
          "/console//evil.example", "/console/\\evil.example", "/console/../payments",
          "/console/./x", "/console/a\r\nSet-Cookie: x", "/console/ x", "/console/\x7f",
          "/consoles/", "javascript:alert(1)"})
        EXPECT_EQ(target_within(without), "/console/") << without;
    EXPECT_EQ(target_within("/console/" + std::string(2000, 'x')), "/console/");
}

TEST_F(OidcSignIn, asks_with_the_challenge_and_keeps_the_verifier) {
    const auto url = authorization_url(provider, rules, attempt);
    EXPECT_TRUE(url.starts_with("https://id.example/auth?tenant=1&response_type=code&")) << url;
    const auto asked = form::read(url.substr(url.find('?') + 1)).value();
    EXPECT_EQ(form::value_of(asked, "redirect_uri"), rules.redirect_uri);
    EXPECT_EQ(form::value_of(asked, "scope"), "openid");
    EXPECT_EQ(form::value_of(asked, "state"), attempt.state);
    EXPECT_EQ(form::value_of(asked, "nonce"), attempt.nonce);
    EXPECT_EQ(form::value_of(asked, "code_challenge_method"), "S256");
    EXPECT_EQ(url.find(attempt.verifier), std::string::npos);
    EXPECT_EQ(form::value_of(asked, "resource"), "");
    auto with_resource = rules;
    with_resource.resource = "https://pay.example/api";
    EXPECT_NE(
        authorization_url(provider, with_resource, attempt)
            .find("&resource=https%3a%2f%2fpay.example%2fapi"),
        std::string::npos
    );
}

TEST_F(OidcSignIn, every_try_is_another) {
    const auto other = new_attempt("/console/", "", tried_at);
    EXPECT_NE(other.state, attempt.state);
    EXPECT_NE(other.nonce, attempt.nonce);
    EXPECT_NE(other.verifier, attempt.verifier);
    EXPECT_NE(attempt.state, attempt.nonce);
    EXPECT_EQ(attempt.verifier.size(), 43U);  // as RFC 7636 wants at least
}

TEST_F(OidcSignIn, a_try_lasts_ten_minutes_in_its_cookie) {
    const auto sealed = seal_attempt(seal, attempt);
    const auto opened = open_attempt(seal, sealed, tried_at + 10min - 1ms).value();
    EXPECT_EQ(opened.state, attempt.state);
    EXPECT_EQ(opened.nonce, attempt.nonce);
    EXPECT_EQ(opened.verifier, attempt.verifier);
    EXPECT_EQ(opened.to, "/console/payments/1");
    EXPECT_EQ(opened.former, std::string(43, 'f'));
    // What a browser may send as a cookie must fit into another.
    const auto longest =
        new_attempt("/console/" + std::string(1015, '"'), std::string(9000, 'f'), tried_at);
    EXPECT_LT(seal_attempt(seal, longest).size(), 3800U);
    EXPECT_FALSE(open_attempt(seal, sealed, tried_at + 10min));
    EXPECT_FALSE(open_attempt(seal, "", tried_at));
    EXPECT_FALSE(open_attempt(seal, seal.seal({"token", "", ""}, "hash"), tried_at));
    const SessionSeal other{{std::string(32, 'o')}};
    EXPECT_FALSE(open_attempt(other, sealed, tried_at));
}

TEST_F(OidcSignIn, takes_the_code_of_an_answer_to_this_try) {
    EXPECT_EQ(code(answer()).value(), "c0de");
    const form::Pairs wrong[] = {
        {{"state", ""}}, {{"state", attempt.nonce}},
        {{"iss", ""}},   {{"iss", "https://id.example"}},
        {{"code", ""}},  {{"error", "server_error"}},
    };
    for (const auto& changes : wrong) {
        const auto refused = code(answer(changes));
        EXPECT_FALSE(refused) << changes[0].first;
        if (!refused) {
            EXPECT_EQ(refused.error().code, Errc::unauthorized);
        }
    }
    EXPECT_FALSE(code(answer() + "&code=another"));
    EXPECT_EQ(code(answer({{"error", "access_denied"}})).error().code, Errc::forbidden);
}

TEST_F(OidcSignIn, a_provider_that_never_names_itself_need_not) {
    provider.names_itself = false;
    EXPECT_TRUE(code(answer({{"iss", ""}})));
    EXPECT_FALSE(code(answer({{"iss", "https://evil.example"}})));
}

TEST_F(OidcSignIn, an_id_token_is_of_this_try_and_for_us) {
    const auto fits = [&](json::object claims) {
        return check_id_claims(claims, attempt, rules, tried_at).has_value();
    };
    EXPECT_TRUE(fits({{"nonce", attempt.nonce}}));
    EXPECT_TRUE(fits({{"nonce", attempt.nonce}, {"azp", "console"}}));
    EXPECT_FALSE(fits({{"nonce", attempt.nonce}, {"azp", "another"}}));
    EXPECT_FALSE(fits({{"nonce", attempt.state}}));
    EXPECT_FALSE(fits({}));
}

TEST_F(OidcSignIn, whoever_must_have_signed_in_lately_is_held_to_it) {
    auto strict = oidc_rules();
    strict.max_age = 5min;
    EXPECT_NE(authorization_url(provider, strict, attempt).find("&max_age=300"), std::string::npos);
    EXPECT_EQ(authorization_url(provider, rules, attempt).find("max_age"), std::string::npos);
    const auto fits = [&](json::value auth_time) {
        const json::object claims{{"nonce", attempt.nonce}, {"auth_time", std::move(auth_time)}};
        return check_id_claims(claims, attempt, strict, tried_at).has_value();
    };
    const auto ago = [](std::chrono::seconds age) {
        return (tried_at - age).time_since_epoch() / 1s;
    };
    EXPECT_TRUE(fits(ago(0s)));
    EXPECT_TRUE(fits(ago(359s)));  // the clocks of two machines differ
    EXPECT_FALSE(fits(ago(360s)));
    EXPECT_TRUE(fits(ago(-60s)));
    EXPECT_FALSE(fits(ago(-61s)));
    EXPECT_FALSE(fits(nullptr));
    EXPECT_FALSE(fits("just now"));
}

TEST_F(OidcSignIn, a_clock_that_is_wrong_is_told_from_a_token_that_is) {
    const auto differs = [](json::object claims) {
        return shows_another_time(
            crypto::base64url(R"({"alg":"ES256"})") + "." + crypto::base64url(json::write(claims)) +
                ".c2ln",
            tried_at
        );
    };
    const auto at = [](std::chrono::seconds off) {
        return (tried_at + off).time_since_epoch() / 1s;
    };
    EXPECT_FALSE(differs({{"iat", at(60s)}, {"exp", at(-59s)}}));
    EXPECT_TRUE(differs({{"iat", at(61s)}, {"exp", at(1h)}}));
    EXPECT_TRUE(differs({{"iat", at(-1h)}, {"exp", at(-60s)}}));
    EXPECT_FALSE(differs({}));
    EXPECT_FALSE(differs({{"iat", "noon"}, {"exp", std::numeric_limits<std::int64_t>::max()}}));
    EXPECT_FALSE(shows_another_time("", tried_at));
}

TEST_F(OidcSignIn, a_logout_token_is_no_id_token_and_names_somebody) {
    const json::object events{
        {"http://schemas.openid.net/event/backchannel-logout", json::object{}}};
    const auto read = [](json::object claims) {
        claims["iat"] = tried_at.time_since_epoch() / 1s;
        return read_logout(claims, tried_at);
    };
    const auto both = read({{"events", events}, {"sid", "s"}, {"sub", "kata"}}).value();
    EXPECT_EQ(both.provider_session, "s");
    EXPECT_EQ(both.sub, "kata");
    EXPECT_TRUE(read({{"events", events}, {"sub", "kata"}}));
    EXPECT_FALSE(read({{"events", events}}));
    EXPECT_FALSE(read({{"events", events}, {"sub", "kata"}, {"nonce", "n"}}));
    EXPECT_FALSE(read({{"sub", "kata"}}));
    EXPECT_FALSE(read({{"events", json::object{{"other", 1}}}, {"sub", "kata"}}));
    EXPECT_FALSE(read({{"events", "text"}, {"sub", "kata"}}));
}

TEST_F(OidcSignIn, a_logout_token_counts_for_some_minutes) {
    const json::object events{
        {"http://schemas.openid.net/event/backchannel-logout", json::object{}}};
    const auto counts = [&](json::value made) {
        const json::object claims{{"events", events}, {"sub", "kata"}, {"iat", std::move(made)}};
        return read_logout(claims, tried_at).has_value();
    };
    const auto at = [](std::chrono::seconds off) {
        return (tried_at + off).time_since_epoch() / 1s;
    };
    EXPECT_TRUE(counts(at(0s)));
    EXPECT_TRUE(counts(at(60s)));
    EXPECT_TRUE(counts(at(-359s)));
    EXPECT_FALSE(counts(at(61s)));
    EXPECT_FALSE(counts(at(-360s)));
    EXPECT_FALSE(counts("noon"));
    EXPECT_FALSE(read_logout({{"events", events}, {"sub", "kata"}}, tried_at));
}

TEST_F(OidcSignIn, signing_out_goes_on_there_where_it_can) {
    const auto url = end_session_url(provider, rules, "head.claims.mac");
    const auto asked = form::read(url.substr(url.find('?') + 1)).value();
    EXPECT_EQ(form::value_of(asked, "post_logout_redirect_uri"), rules.signed_out_uri);
    EXPECT_EQ(form::value_of(asked, "id_token_hint"), "head.claims.mac");
    EXPECT_EQ(end_session_url(provider, rules, "").find("id_token_hint"), std::string::npos);
    auto with_privileges = rules;
    with_privileges.takes_id_token = true;
    EXPECT_EQ(
        end_session_url(provider, with_privileges, "head.claims.mac"),
        end_session_url(provider, rules, "")
    );
    provider.end_session_endpoint.clear();
    EXPECT_EQ(end_session_url(provider, rules, "head.claims.mac"), "");
}

}  // namespace
}  // namespace payments::http
