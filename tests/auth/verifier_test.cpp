#include "http/auth/verifier.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "fixtures/tokens.hpp"
#include "http/auth/new_key.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

namespace payments::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

using test::noon;
using test::object_of;
using test::signing;

json::object with_kid(json::object key, std::string_view kid) {
    key["kid"] = kid;
    return key;
}

std::string jwks(std::initializer_list<json::object> keys) {
    json::array list;
    for (const auto& jwk : keys) list.push_back(public_jwk(jwk));
    return json::write(json::object{{"keys", list}});
}

template <class T>
T run(asio::io_context& loop, Task<T> task) {
    std::optional<T> result;
    asio::co_spawn(loop, std::move(task), [&](std::exception_ptr e, T value) {
        if (e) std::rethrow_exception(e);
        result = std::move(value);
    });
    loop.restart();
    loop.run();
    return std::move(*result);
}

// A key set as a URL would give it: counted, delayed and failing as told.
struct Remote {
    std::string text;
    std::chrono::milliseconds delay{0};
    int fetches = 0;
    int running = 0;
    int running_max = 0;

    KeySource source() {
        return {"https://id.example/keys", [this] { return fetch(*this); }, nullptr};
    }
    static Task<Result<std::string>> fetch(Remote& self) {
        ++self.fetches;
        self.running_max = std::max(self.running_max, ++self.running);
        asio::steady_timer timer{co_await asio::this_coro::executor, self.delay};
        co_await timer.async_wait(asio::use_awaitable);
        --self.running;
        if (self.text == "throw") throw std::runtime_error("connection refused");
        if (self.text.empty()) co_return Error(Errc::internal, "no answer");
        co_return self.text;
    }
};

class Verifier : public testing::Test {
protected:
    Verifier() {
        users_remote.text = jwks({user_key});
        services_remote.text = jwks({service_key});
        testing::internal::CaptureStderr();
    }
    ~Verifier() override { testing::internal::GetCapturedStderr(); }

    void load() {
        EXPECT_TRUE(run(loop, users.load(noon)));
        EXPECT_TRUE(run(loop, services.load(noon)));
    }
    // The caller's name, or why there is none.
    std::string ask(std::string authorization, Accepts accepts, Time now = noon) {
        auto caller = run(loop, verifier.verify(std::move(authorization), accepts, now));
        if (caller) return caller->name;
        EXPECT_EQ(caller.error().code, Errc::unauthorized);
        return caller.error().detail;
    }
    std::string user_token(Time now = noon) {
        const auto claims = object_of(R"({"sub":"anna","privs":{"payments_search":"true"}})");
        return "Bearer " + mint(signing(user_key), claims, now);
    }
    std::string service_token(Time now = noon) {
        return "Bearer " + mint(signing(service_key), object_of(R"({"service":"tickets"})"), now);
    }

    json::object user_key = new_key(Algorithm::es256);
    json::object service_key = new_key(Algorithm::eddsa);
    Remote users_remote, services_remote;
    asio::io_context loop;
    KeyRing users{users_remote.source()}, services{services_remote.source()};
    TokenVerifier verifier{users, {}, services, {}};
};

TEST_F(Verifier, a_good_token_names_its_caller) {
    load();
    EXPECT_EQ(ask(user_token(), Accepts::user), "anna");
    EXPECT_EQ(ask(service_token(), Accepts::service), "tickets");
    EXPECT_EQ(ask(user_token(), Accepts::either), "anna");
    EXPECT_EQ(ask(service_token(), Accepts::either), "tickets");
    const auto caller = run(loop, verifier.verify(user_token(), Accepts::user, noon)).value();
    EXPECT_EQ(caller.privileges, (Privileges{{"payments_search", "true"}}));
}

TEST_F(Verifier, the_other_kind_of_token_is_refused_also_when_it_is_remembered) {
    load();
    const auto user = user_token(), service = service_token();
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(ask(user, Accepts::service), "a service token is needed here, not a user's");
        EXPECT_EQ(ask(service, Accepts::user), "a user token is needed here, not a service's");
        EXPECT_EQ(ask(user, Accepts::user), "anna");
        EXPECT_EQ(ask(service, Accepts::service), "tickets");
    }
}

TEST_F(Verifier, the_keys_of_one_kind_do_not_sign_for_the_other) {
    load();
    const auto claims = object_of(R"({"service":"tickets"})");
    const auto forged = "Bearer " + mint(signing(user_key), claims, noon);
    EXPECT_EQ(ask(forged, Accepts::service), "a service token is needed here, not a user's");
    const auto stranger = "Bearer " + mint(signing(new_key(Algorithm::es256)), claims, noon);
    EXPECT_EQ(ask(stranger, Accepts::service), "the token's kid is none of our keys");
}

TEST_F(Verifier, the_key_set_decides_the_kind_and_not_the_claims) {
    load();
    const auto judge = [&](const json::object& key, const char* claims) {
        auto token = "Bearer " + mint(signing(key), object_of(claims), noon);
        return run(loop, verifier.verify(std::move(token), Accepts::either, noon));
    };
    const auto plain = judge(user_key, R"({"sub":"anna"})").value();
    EXPECT_EQ(plain.kind, Caller::Kind::user);
    EXPECT_TRUE(plain.privileges.empty());
    const auto claimed = judge(user_key, R"({"sub":"anna","service":"tickets"})").value();
    EXPECT_EQ(claimed.kind, Caller::Kind::user);
    EXPECT_EQ(claimed.name, "anna");
    const auto acting = judge(
        service_key, R"({"service":"tickets","sub":"x","privs":{"a":"1"},"servicePrivs":{"b":"2"}})"
    );
    EXPECT_EQ(acting->kind, Caller::Kind::service);
    EXPECT_EQ(acting->privileges, (Privileges{{"b", "2"}}));
    EXPECT_EQ(
        judge(service_key, R"({"sub":"anna"})").error().detail,
        "the token's service is missing or no text"
    );
}

TEST_F(Verifier, the_claims_decide_where_one_key_set_serves_both_kinds) {
    load();
    TokenVerifier shared{users, {}, users, {}};
    const auto judge = [&](const char* claims) {
        auto token = "Bearer " + mint(signing(user_key), object_of(claims), noon);
        return run(loop, shared.verify(std::move(token), Accepts::either, noon));
    };
    EXPECT_EQ(judge(R"({"service":"tickets"})")->kind, Caller::Kind::service);
    EXPECT_EQ(judge(R"({"sub":"anna","privs":{}})")->kind, Caller::Kind::user);
    EXPECT_EQ(judge(R"({"sub":"anna"})")->kind, Caller::Kind::user);
    EXPECT_EQ(
        judge(R"({"sub":"anna","privs":{},"service":"x"})").error().detail,
        "the token has the claims of a user and of a service"
    );
}

TEST_F(Verifier, one_kid_in_both_sets_is_no_hindrance) {
    user_key["kid"] = service_key["kid"] = "1";
    users_remote.text = jwks({user_key});
    services_remote.text = jwks({service_key});
    load();
    EXPECT_EQ(ask(user_token(), Accepts::user), "anna");
    EXPECT_EQ(ask(service_token(), Accepts::service), "tickets");
    EXPECT_EQ(ask(service_token(), Accepts::either), "tickets");
}

TEST_F(Verifier, an_unusable_key_of_a_fetched_set_is_skipped_and_named_once) {
    const std::string weak = R"({"kty":"oct","kid":"weak","k":"c2hvcnQ"})";
    const auto with_weak = [&](const json::object& key) {
        return R"({"keys":[7,)" + weak + "," + json::write(public_jwk(key)) + "]}";
    };
    users_remote.text = with_weak(user_key);
    load();
    EXPECT_EQ(ask(user_token(), Accepts::user), "anna");
    const auto claims = object_of(R"({"sub":"x"})");
    const auto named = with_kid(new_key(Algorithm::hs256), "weak");
    EXPECT_EQ(
        ask("Bearer " + mint(signing(named), claims, noon), Accepts::user, noon + 20s),
        "the key of the token's kid is not used: its secret has 5 bytes, HS256 needs 32"
    );
    EXPECT_EQ(users_remote.fetches, 2);

    const auto logged = testing::internal::GetCapturedStderr();
    testing::internal::CaptureStderr();
    const std::string said = R"(key \"weak\": its secret has 5 bytes, HS256 needs 32)";
    const auto place = logged.find(said);
    ASSERT_NE(place, logged.npos) << logged;
    EXPECT_EQ(logged.find(said, place + 1), logged.npos) << "the same set, fetched again";
    EXPECT_NE(logged.find("key 1 of the set: not a JSON object"), logged.npos);
    EXPECT_NE(logged.find("https://id.example/keys"), logged.npos);
}

TEST_F(Verifier, each_kind_is_held_to_its_own_issuer_and_audience) {
    load();
    TokenVerifier strict{users, {"id", "staff"}, services, {"", "payments"}};
    const auto judge = [&](const json::object& key, json::object claims, Accepts accepts) {
        auto token = "Bearer " + mint(signing(key), std::move(claims), noon);
        const auto caller = run(loop, strict.verify(std::move(token), accepts, noon));
        return caller ? caller->name : caller.error().detail;
    };
    const auto foreign = object_of(R"({"sub":"anna","privs":{},"iss":"id"})");
    EXPECT_EQ(judge(user_key, foreign, Accepts::user), "the token is for another audience");
    const auto user = object_of(R"({"sub":"anna","privs":{},"iss":"id","aud":["staff"]})");
    EXPECT_EQ(judge(user_key, user, Accepts::user), "anna");
    const auto service = object_of(R"({"service":"tickets","aud":"payments"})");
    EXPECT_EQ(judge(service_key, service, Accepts::service), "tickets");
}

TEST_F(Verifier, the_header_must_be_of_the_bearer_scheme) {
    load();
    const auto token = user_token().substr(7);
    EXPECT_EQ(ask("bearer " + token, Accepts::user), "anna");
    EXPECT_EQ(ask("BEARER   " + token, Accepts::user), "anna");
    EXPECT_EQ(ask("", Accepts::user), "a token is needed");
    EXPECT_EQ(ask("Bearer", Accepts::user), "the Authorization header has no token");
    EXPECT_EQ(ask("Bearer  ", Accepts::user), "the Authorization header has no token");
    const std::string scheme = "the Authorization header is not of the Bearer scheme";
    EXPECT_EQ(ask(token, Accepts::user), scheme);
    EXPECT_EQ(ask("Basic YTpi", Accepts::user), scheme);
    EXPECT_EQ(ask("Bearer\t" + token, Accepts::user), scheme);
}

TEST_F(Verifier, a_remembered_token_ends_when_it_expires) {
    load();
    const auto token = user_token();
    EXPECT_EQ(ask(token, Accepts::user, noon), "anna");
    EXPECT_EQ(ask(token, Accepts::user, noon + 5min + 59s), "anna");
    EXPECT_EQ(ask(token, Accepts::user, noon + 6min), "the token has expired");
    EXPECT_EQ(ask(token, Accepts::user, noon + 6min), "the token has expired");
}

TEST_F(Verifier, only_the_exact_text_is_remembered) {
    load();
    const auto token = user_token();
    EXPECT_EQ(ask(token, Accepts::user), "anna");
    auto other = token;
    other[other.size() - 5] = other[other.size() - 5] == 'A' ? 'B' : 'A';
    EXPECT_EQ(ask(other, Accepts::user), "the token's signature is wrong");
}

TEST_F(Verifier, more_tokens_than_it_remembers_are_verified_all_the_same) {
    load();
    service_key = new_key(Algorithm::hs256);
    services_remote.text = jwks({service_key});
    EXPECT_EQ(ask(service_token(noon + 20s), Accepts::service, noon + 20s), "tickets");
    const auto key = signing(service_key);
    for (std::size_t i = 0; i < TokenVerifier::remembered_max + 10; ++i) {
        const auto name = "s" + std::to_string(i);
        const auto claims = object_of(R"({"service":")" + name + R"("})");
        const auto token = "Bearer " + mint(key, claims, noon);
        ASSERT_EQ(ask(token, Accepts::service, noon + 20s), name);
    }
}

// ----------------------------------------------------------------------------- keys that change

TEST_F(Verifier, an_unknown_kid_makes_it_fetch_the_keys_once_per_ten_seconds) {
    load();
    const auto old_token = user_token();
    EXPECT_EQ(ask(old_token, Accepts::user), "anna");
    user_key = new_key(Algorithm::es256);
    users_remote.text = jwks({user_key});
    const std::string unknown = "the token's kid is none of our keys";

    EXPECT_EQ(ask(user_token(), Accepts::user, noon + 9s), unknown);
    EXPECT_EQ(users_remote.fetches, 1);
    EXPECT_EQ(ask(user_token(), Accepts::user, noon + 10s), "anna");
    EXPECT_EQ(users_remote.fetches, 2);
    EXPECT_EQ(ask(old_token, Accepts::user, noon + 10s), unknown) << "a withdrawn key";
    EXPECT_EQ(users_remote.fetches, 2);
    EXPECT_EQ(services_remote.fetches, 1);
}

TEST_F(Verifier, waiting_tokens_share_one_fetch) {
    load();
    user_key = new_key(Algorithm::es256);
    users_remote.text = jwks({user_key});
    users_remote.delay = 20ms;
    int good = 0;
    for (int i = 0; i < 50; ++i)
        asio::co_spawn(
            loop, verifier.verify(user_token(), Accepts::user, noon + 10s),
            [&](std::exception_ptr e, Result<Caller> caller) { good += !e && caller; }
        );
    loop.restart();
    loop.run();
    EXPECT_EQ(good, 50);
    EXPECT_EQ(users_remote.fetches, 2);
    EXPECT_EQ(users_remote.running_max, 1);
}

TEST_F(Verifier, two_event_loops_share_one_fetch) {
    load();
    user_key = new_key(Algorithm::es256);
    users_remote.text = jwks({user_key});
    users_remote.delay = 50ms;
    const auto token = user_token();
    std::atomic<int> good{0};
    const auto work = [&] {
        asio::io_context own;
        TokenVerifier mine{users, {}, services, {}};
        if (run(own, mine.verify(token, Accepts::user, noon + 10s))) ++good;
    };
    { std::jthread one{work}, other{work}; }
    EXPECT_EQ(good, 2);
    EXPECT_EQ(users_remote.fetches, 2);
}

TEST_F(Verifier, a_loop_may_end_while_its_token_waits_for_a_fetch_of_another) {
    load();
    users_remote.delay = 10s;
    auto fetching = std::make_unique<asio::io_context>();
    auto waiting = std::make_unique<asio::io_context>();
    const auto later = noon + KeyRing::fetch_interval;
    asio::co_spawn(*fetching, users.renew(later), asio::detached);
    fetching->poll();
    asio::co_spawn(*waiting, users.renew(later), asio::detached);
    waiting->poll();
    EXPECT_EQ(users_remote.running, 1);
    waiting.reset();
    fetching.reset();
    users_remote.delay = 0ms;
    EXPECT_TRUE(run(loop, users.load(later + KeyRing::fetch_interval)));
}

TEST_F(Verifier, the_old_keys_stay_and_a_warning_is_logged_when_fetching_fails) {
    load();
    const auto known = user_token();
    const auto claims = object_of(R"({"sub":"x","privs":{}})");
    const auto stranger = "Bearer " + mint(signing(new_key(Algorithm::es256)), claims, noon);
    Time now = noon;
    for (const auto* failure :
         {"", "throw", "<html>", R"({"keys":[{"kty":"oct","k":"c2hvcnQ"}]})"}) {
        users_remote.text = failure;
        now += 10s;
        ask(stranger, Accepts::user, now);
        EXPECT_EQ(ask(known, Accepts::user, now), "anna") << failure;
    }
    users_remote.text = std::string(KeySet::bytes_max + 1, ' ');
    ask(stranger, Accepts::user, now + 10s);
    EXPECT_EQ(ask(known, Accepts::user, now + 10s), "anna");

    const auto logged = testing::internal::GetCapturedStderr();
    testing::internal::CaptureStderr();
    EXPECT_NE(
        logged.find("the keys could not be read again, the old ones stay in use"), logged.npos
    );
    EXPECT_NE(logged.find("https://id.example/keys"), logged.npos);
    EXPECT_NE(logged.find("its secret has 5 bytes, HS256 needs 32"), logged.npos);
    EXPECT_NE(logged.find("connection refused"), logged.npos);
    EXPECT_NE(logged.find("no answer"), logged.npos);
    EXPECT_NE(logged.find("256 KiB"), logged.npos);
    EXPECT_EQ(users_remote.fetches, 6);
}

TEST_F(Verifier, keys_without_a_stamp_are_fetched_again_when_they_are_five_minutes_old) {
    load();
    const auto token = user_token(noon + 4min);
    EXPECT_EQ(ask(token, Accepts::user, noon + 4min), "anna");
    EXPECT_EQ(users_remote.fetches, 1);
    users_remote.text = jwks({new_key(Algorithm::es256)});
    EXPECT_EQ(ask(token, Accepts::user, noon + 5min), "anna") << "nobody waits for the new keys";
    EXPECT_EQ(users_remote.fetches, 2);
    EXPECT_EQ(ask(token, Accepts::user, noon + 5min), "the token's kid is none of our keys");
}

TEST_F(Verifier, how_old_the_keys_are_and_why_is_known) {
    load();
    EXPECT_EQ(users.freshness().read_at, noon);
    EXPECT_EQ(users.freshness().trouble, "");
    const auto renew = [&](Time now) {
        asio::co_spawn(loop, users.renew(now), asio::detached);
        loop.restart();
        loop.run();
    };
    const auto read = users_remote.text;
    users_remote.text = "<html>";
    renew(noon + 10s);
    EXPECT_EQ(users.freshness().read_at, noon) << "those of noon are in use";
    EXPECT_TRUE(users.freshness().trouble.starts_with("https://id.example/keys: "));
    users_remote.text = read;
    renew(noon + 20s);
    EXPECT_EQ(users.freshness().read_at, noon + 20s);
    EXPECT_EQ(users.freshness().trouble, "");
}

TEST_F(Verifier, what_is_wrong_with_the_first_keys_is_said_with_their_source) {
    users_remote.text = R"({"keys":[{"kty":"oct","kid":"weak","k":"c2hvcnQ"}]})";
    const auto loaded = run(loop, users.load(noon));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(
        loaded.error().detail,
        "https://id.example/keys: the set has no key for RS256, ES256, EdDSA or HS256 signatures: "
        "key \"weak\": its secret has 5 bytes, HS256 needs 32"
    );
}

// -------------------------------------------------------------------------------- keys on disk

class KeyFile : public testing::Test {
protected:
    KeyFile() { testing::internal::CaptureStderr(); }
    ~KeyFile() override {
        testing::internal::GetCapturedStderr();
        std::filesystem::remove(path);
    }
    void save(std::string_view text) { std::ofstream{path, std::ios::trunc} << text; }
    std::string ask(const json::object& key, Time now) {
        const auto claims = object_of(R"({"service":"tickets"})");
        auto token = "Bearer " + mint(signing(key), claims, noon);
        const auto caller = run(loop, verifier.verify(std::move(token), Accepts::service, now));
        return caller ? caller->name : caller.error().detail;
    }

    std::string path = testing::TempDir() + "keys-" + std::to_string(::getpid()) + ".json";
    json::object first = new_key(Algorithm::es256), second = new_key(Algorithm::rs256);
    asio::io_context loop;
    KeyRing ring{file_source(path)};
    TokenVerifier verifier{ring, {}, ring, {}};
};

TEST_F(KeyFile, a_changed_file_is_read_at_once) {
    save(jwks({first}));
    ASSERT_TRUE(run(loop, ring.load(noon)));
    EXPECT_EQ(ask(first, noon), "tickets");

    save(jwks({second}));
    EXPECT_EQ(ask(second, noon + 10ms), "tickets") << "an unknown kid";
    EXPECT_EQ(ask(first, noon + 20ms), "the token's kid is none of our keys");

    save(jwks({first, second, new_key(Algorithm::es256)}));
    EXPECT_EQ(ask(first, noon + 2s), "tickets");
    EXPECT_EQ(ask(second, noon + 2s), "tickets");
}

TEST_F(KeyFile, a_key_that_was_withdrawn_is_noticed_within_a_second_or_two) {
    save(jwks({first, second}));
    ASSERT_TRUE(run(loop, ring.load(noon)));
    EXPECT_EQ(ask(first, noon), "tickets");
    save(jwks({second}));
    EXPECT_EQ(ask(first, noon + 2s), "the token's kid is none of our keys");
}

TEST_F(KeyFile, the_old_keys_stay_when_the_file_is_broken_or_gone) {
    save(jwks({first}));
    ASSERT_TRUE(run(loop, ring.load(noon)));
    save("{");
    EXPECT_EQ(ask(first, noon + 2s), "tickets");
    std::filesystem::remove(path);
    EXPECT_EQ(ask(first, noon + 4s), "tickets");
    save(jwks({second}));
    EXPECT_EQ(ask(second, noon + 6s), "tickets");
}

TEST_F(KeyFile, one_unusable_key_in_a_file_stops_the_start) {
    save(
        R"({"keys":[{"kty":"oct","kid":"weak","k":"c2hvcnQ"},)" + json::write(public_jwk(first)) +
        "]}"
    );
    const auto loaded = run(loop, ring.load(noon));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(
        loaded.error().detail, path + ": key \"weak\": its secret has 5 bytes, HS256 needs 32"
    );
}

TEST_F(KeyFile, a_file_that_is_missing_at_the_start_is_said_so) {
    const auto loaded = run(loop, ring.load(noon));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().detail, path + ": " + path + " cannot be opened");
}

}  // namespace
}  // namespace payments::http
