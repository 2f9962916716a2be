// How what a session holds is renewed at an identity provider, and what becomes of it when not.
#include <deque>

#include "fixtures/scenario.hpp"
#include "http/console/renewal.hpp"

namespace payments {

using namespace testing_support;

// Answers refresh tokens as a test says, and refuses what nobody has told it.
struct ScriptedProvider : IdentityProvider {
    std::deque<Result<GrantedTokens>> answers;
    std::vector<std::string> asked;
    std::function<Task<void>()> meanwhile;  // goes on while the next one is answered

    Task<Result<ProviderDescription>> description() override { co_return ProviderDescription{}; }
    Task<Result<GrantedTokens>> exchange(std::string, std::string) override {
        co_return Error{Errc::unauthorized, "no code is good here"};
    }
    Task<Result<void>> revoke(std::string) override { co_return Result<void>{}; }
    Task<Result<GrantedTokens>> renew(std::string refresh_token) override {
        asked.push_back(std::move(refresh_token));
        if (answers.empty()) co_return Error{Errc::unauthorized, "it was taken back"};
        auto answer = answers.front();
        answers.pop_front();
        if (const auto goes_on = std::exchange(meanwhile, nullptr)) co_await goes_on();
        co_return answer;
    }
};

class Renewal : public Scenario {
protected:
    std::string token_for(std::chrono::seconds lasting, const std::string& sub = "anna") {
        const auto end = std::chrono::floor<std::chrono::seconds>(clock.time + lasting);
        return user_token({}, {{"exp", end.time_since_epoch().count()}, {"sub", sub}});
    }
    std::string opened(std::chrono::minutes token_lasts) {
        http::SessionTokens tokens{token_for(token_lasts), "refresh-1", "id-1"};
        http::NewSession person{"anna", "Anna", std::move(tokens), clock.time + token_lasts + 1min};
        return await(http::open_session(console, sessions, std::move(person), clock.time)).value();
    }
    http::ActiveSession found(const std::string& id) {
        return await(http::find_session(console, sessions, id, clock.time)).value();
    }
    bool is_there(const std::string& id) {
        return await(http::find_session(console, sessions, id, clock.time)).has_value();
    }
    Result<void> keep(http::ActiveSession& session) {
        return await(http::keep_renewed(context, session));
    }
    // As another replica does, once the lease of the first has passed.
    Task<void> renewed_by_another(std::string id) {
        clock.time += http::renewal_lease;
        auto found = co_await http::find_session(console, sessions, std::move(id), clock.time);
        EXPECT_TRUE(co_await http::keep_renewed(context, *found));
    }
    // A moment before that.
    Task<void> kept_out(std::string id) {
        clock.time += http::renewal_lease - 1ms;
        auto found = co_await http::find_session(console, sessions, std::move(id), clock.time);
        EXPECT_TRUE(co_await http::keep_renewed(context, *found));
    }

    http::Console console{
        .limits = {600min, 600min},
        .seal = http::SessionSeal{{console_key}},
        .origin = "",
        .time_zone = "",
        .shell = http::ConsoleShell{{}},
        .oidc = http::OidcRules{},
    };
    ScriptedProvider provider;
    http::TokenVerifier tokens = verifier();
    http::RenewalContext context{console, sessions, provider, tokens, clock};
};

TEST_F(Renewal, is_due_after_a_quarter_of_an_hour_and_before_its_token_ends) {
    const auto id = opened(60min), brief = opened(10min);
    pass(15min - 1ms);
    auto session = found(id);
    EXPECT_TRUE(keep(session));
    EXPECT_EQ(provider.asked.size(), 0U);
    pass(1ms);
    const auto newer = token_for(60min);
    provider.answers = {GrantedTokens{newer, "id-2", "refresh-2"}};
    EXPECT_TRUE(keep(session));
    EXPECT_EQ(provider.asked, std::vector<std::string>{"refresh-1"});
    EXPECT_EQ(session.tokens.user, newer);
    EXPECT_EQ(found(id).tokens.user, newer);
    EXPECT_EQ(found(id).tokens.refresh, "refresh-2");
    EXPECT_EQ(found(id).tokens.id, "id-2");
    EXPECT_EQ(found(id).row.renew_at, clock.time + 15min);
    EXPECT_EQ(found(brief).row.renew_at, noon + 9min);  // its leeway is not counted on
}

TEST_F(Renewal, leaves_what_the_provider_does_not_give_again) {
    const auto id = opened(60min);
    pass(15min);
    const auto newer = token_for(60min);
    provider.answers = {GrantedTokens{newer, "", ""}};
    auto session = found(id);
    EXPECT_TRUE(keep(session));
    EXPECT_EQ(found(id).tokens.user, newer);
    EXPECT_EQ(found(id).tokens.refresh, "refresh-1");
    EXPECT_EQ(found(id).tokens.id, "id-1");
}

TEST_F(Renewal, is_asked_for_by_one_of_many) {
    const auto id = opened(60min);
    pass(15min);
    auto one = found(id), other = found(id);
    provider.answers = {GrantedTokens{token_for(60min), "", ""}};
    EXPECT_TRUE(keep(one));
    EXPECT_TRUE(keep(other));  // with what it had
    EXPECT_EQ(provider.asked.size(), 1U);
    EXPECT_TRUE(is_there(id));
}

TEST_F(Renewal, that_is_refused_ends_the_session) {
    const auto id = opened(60min);
    pass(15min);
    auto session = found(id);
    EXPECT_EQ(keep(session).error().code, Errc::unauthorized);
    EXPECT_FALSE(is_there(id));
}

TEST_F(Renewal, that_comes_to_nothing_leaves_what_still_counts) {
    const auto id = opened(20min);
    pass(15min);
    const Error silent{Errc::provider_unavailable, "no answer"};
    provider.answers = {silent, GrantedTokens{}, silent};
    for (int i = 0; i < 2; ++i) {
        auto session = found(id);
        EXPECT_TRUE(keep(session)) << i;
        EXPECT_TRUE(keep(session)) << i;  // no sooner than its lease allows
        EXPECT_EQ(provider.asked.size(), static_cast<std::size_t>(i + 1));
        pass(http::renewal_pause);
    }
    pass(10min);
    auto session = found(id);
    const auto ended = keep(session).error();
    EXPECT_EQ(ended.code, Errc::provider_unavailable);
    EXPECT_EQ(ended.retry_after_s, 1);
    EXPECT_TRUE(is_there(id));
    pass(http::renewal_pause);
    provider.answers = {GrantedTokens{token_for(60min), "", ""}};
    auto later = found(id);
    EXPECT_TRUE(keep(later));
}

TEST_F(Renewal, that_comes_too_late_undoes_nothing) {
    const Error used_up{Errc::unauthorized, "it is good for one use"};
    for (const auto& late :
         {Result<GrantedTokens>{used_up},
          Result<GrantedTokens>{GrantedTokens{"", "", "refresh-late"}}}) {
        const auto id = opened(60min);
        pass(15min);
        auto slow = found(id);
        const auto newer = token_for(60min);
        provider.answers = {late, GrantedTokens{newer, "", "refresh-2"}};
        provider.meanwhile = [&] { return renewed_by_another(id); };
        EXPECT_TRUE(keep(slow));
        EXPECT_EQ(found(id).tokens.refresh, "refresh-2");
        EXPECT_EQ(found(id).tokens.user, newer);
        EXPECT_EQ(found(id).row.renew_at, clock.time + 15min);
    }
}

TEST_F(Renewal, has_a_lease_of_its_own_length_however_late_it_began) {
    const auto id = opened(60min);
    pass(40min);
    auto session = found(id);
    provider.answers = {GrantedTokens{token_for(60min), "", "refresh-2"}};
    provider.meanwhile = [&] { return kept_out(id); };
    EXPECT_TRUE(keep(session));
    EXPECT_EQ(provider.asked.size(), 1U);
    EXPECT_EQ(found(id).tokens.refresh, "refresh-2");
}

TEST_F(Renewal, keeps_a_new_refresh_token_whatever_else_is_lacking) {
    const auto old_one = token_for(60min);
    const auto another = token_for(90min, "eva");
    for (const auto& user : {std::string{}, std::string{"sesame"}, another, old_one + "x"}) {
        const auto id = opened(60min);
        const auto before = found(id).tokens.user;
        pass(15min);
        provider.answers = {GrantedTokens{user, "", "refresh-2"}};
        auto session = found(id);
        EXPECT_TRUE(keep(session)) << user;
        EXPECT_EQ(session.tokens.user, before) << user;
        EXPECT_EQ(found(id).tokens.user, before) << user;
        EXPECT_EQ(found(id).tokens.refresh, "refresh-2") << user;
        EXPECT_EQ(found(id).row.renew_at, clock.time + http::renewal_pause) << user;
    }
}

TEST_F(Renewal, without_the_id_token_that_is_the_user_token_leaves_that) {
    console.oidc->takes_id_token = true;
    const auto id = opened(60min);
    const auto before = found(id).tokens.user;
    pass(15min);
    provider.answers = {GrantedTokens{token_for(60min), "", "refresh-2"}};
    auto session = found(id);
    EXPECT_TRUE(keep(session));
    EXPECT_EQ(found(id).tokens.user, before);
    EXPECT_EQ(found(id).tokens.refresh, "refresh-2");
}

TEST_F(Renewal, is_kept_by_a_database_that_was_away_for_a_moment) {
    clock.sleeps_max = 10;
    const auto id = opened(60min);
    pass(15min);
    auto session = found(id);
    sessions.lose("keep_renewed", 3);
    const auto newer = token_for(60min);
    provider.answers = {GrantedTokens{newer, "", "refresh-2"}};
    EXPECT_TRUE(keep(session));
    EXPECT_EQ(found(id).tokens.user, newer);
    EXPECT_EQ(found(id).tokens.refresh, "refresh-2");
}

TEST_F(Renewal, waits_for_a_database_that_takes_no_changes) {
    clock.sleeps_max = 10;
    const auto id = opened(60min);
    pass(15min);
    auto session = found(id);
    sessions.lose("claim_renewal");
    EXPECT_TRUE(keep(session));
    EXPECT_EQ(provider.asked.size(), 0U);
    sessions.lose("keep_renewed");
    const auto newer = token_for(60min);
    provider.answers = {GrantedTokens{newer, "", ""}};
    EXPECT_TRUE(keep(session));
    EXPECT_EQ(session.tokens.user, newer);  // of this call
    EXPECT_TRUE(is_there(id));
}

}  // namespace payments
