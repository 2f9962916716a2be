// How an identity provider is asked.
#include "gateway/oidc/client.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "fixtures/calling.hpp"
#include "fixtures/scripted_server.hpp"

namespace payments::gateway {
namespace {

using namespace std::chrono_literals;
using test::answered;
using test::HeardRequest;
using test::Scripted;
using test::ScriptedServer;

class OidcCalls : public testing::Test {
protected:
    Scripted answer(const HeardRequest& request) {
        if (request.method == "POST") return answered(status, R"({"error":"invalid_client"})");
        return describe();
    }
    Scripted describe() {
        const auto url = server.url();
        json::object described{
            {"issuer", url},
            {"authorization_endpoint", url + "/auth"},
            {"token_endpoint", url + "/token"}};
        if (can_revoke) described["revocation_endpoint"] = url + "/revoke";
        auto answer = status == 200 ? answered(200, json::write(described)) : answered(status, "");
        answer.delay_ms = 20;
        return answer;
    }
    OidcSettings settings() const {
        OidcSettings made;
        made.issuer = server.url();
        made.client_id = "console";
        return made;
    }
    static Task<void> learn(OidcClient* client, int* learned) {
        const auto described = co_await client->description();
        if (described) ++*learned;
    }
    // Of so many who ask at once, how many learned it.
    int learned_by(int askers) {
        int done = 0, learned = 0;
        for (int i = 0; i < askers; ++i)
            boost::asio::co_spawn(loop, learn(&client, &learned), [&](std::exception_ptr) {
                ++done;
            });
        loop.restart();
        while (done < askers) loop.run_one();
        return learned;
    }

    std::atomic<int> status = 200;
    std::atomic<bool> can_revoke = true;
    ScriptedServer server{[this](const HeardRequest& request) { return answer(request); }};
    boost::asio::io_context loop;
    HttpsClient https{loop, {}};
    test::StandingClock clock;
    OidcClient client{https, clock, settings()};
};

TEST_F(OidcCalls, all_who_wait_for_its_description_share_one_fetch) {
    EXPECT_EQ(learned_by(50), 50);
    EXPECT_EQ(server.heard().size(), 1U);
    clock.time += 1h - 1ms;
    EXPECT_EQ(learned_by(1), 1);
    EXPECT_EQ(server.heard().size(), 1U);
    clock.time += 1ms;
    EXPECT_EQ(learned_by(50), 50);
    EXPECT_EQ(server.heard().size(), 2U);
}

TEST_F(OidcCalls, one_that_fails_is_let_alone_for_some_seconds) {
    status = 500;
    EXPECT_EQ(learned_by(50), 0);
    EXPECT_EQ(learned_by(50), 0);
    EXPECT_EQ(server.heard().size(), 1U);
    status = 200;
    clock.time += OidcClient::failure_remembered;
    EXPECT_EQ(learned_by(50), 50);
    EXPECT_EQ(server.heard().size(), 2U);
}

TEST_F(OidcCalls, what_it_said_before_counts_while_it_fails) {
    EXPECT_EQ(learned_by(1), 1);
    status = 500;
    clock.time += 1h;
    EXPECT_EQ(learned_by(50), 50);
    clock.time += 1min - 1ms;
    EXPECT_EQ(learned_by(50), 50);
    EXPECT_EQ(server.heard().size(), 2U);
}

TEST_F(OidcCalls, a_refresh_token_is_revoked_where_that_can_be_done) {
    EXPECT_TRUE(test::await_on(loop, client.revoke("refresh-1")));
    const auto told = server.heard().at(1);
    EXPECT_EQ(told.target, "/revoke");
    EXPECT_EQ(told.body, "token=refresh-1&token_type_hint=refresh_token&client_id=console");
    status = 401;
    const auto refused = test::await_on(loop, client.revoke("refresh-1")).error();
    EXPECT_EQ(refused.code, Errc::provider_unavailable);

    status = 200;
    can_revoke = false;
    clock.time += 1h;
    EXPECT_TRUE(test::await_on(loop, client.revoke("refresh-1")));
    EXPECT_EQ(server.heard().size(), 4U);
}

}  // namespace
}  // namespace payments::gateway
