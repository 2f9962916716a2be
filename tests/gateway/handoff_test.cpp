// How the platform is asked for whom it has sent.
#include "gateway/handoff.hpp"

#include <gtest/gtest.h>

#include <mutex>

#include "fixtures/calling.hpp"
#include "fixtures/scripted_server.hpp"
#include "support/json.hpp"

namespace payments::gateway {
namespace {

using namespace std::chrono_literals;
using test::answered;
using test::HeardRequest;
using test::Scripted;
using test::ScriptedServer;

class HandoffCalls : public testing::Test {
protected:
    Result<std::string> exchange(Scripted next) {
        {
            const std::lock_guard lock{mutex};
            answer = std::move(next);
        }
        return test::await_on(loop, client.exchange("a code"));
    }

    std::mutex mutex;
    Scripted answer;
    ScriptedServer server{[this](const HeardRequest&) {
        const std::lock_guard lock{mutex};
        return answer;
    }};
    boost::asio::io_context loop;
    HttpsClient https{loop, {}};
    HandoffClient client{
        https, {server.url() + "/staff/exchange", 200ms}, [] { return std::string{"our token"}; }};
};

TEST_F(HandoffCalls, a_code_is_exchanged_with_a_token_of_ours) {
    EXPECT_EQ(exchange(answered(200, R"({"token":"a.b.c","more":1})")).value(), "a.b.c");
    const auto heard = server.heard().at(0);
    EXPECT_EQ(heard.method, "POST");
    EXPECT_EQ(heard.target, "/staff/exchange");
    EXPECT_EQ(heard.header("authorization"), "Bearer our token");
    EXPECT_EQ(heard.header("content-type"), "application/json");
    EXPECT_EQ(json::parse(heard.body).value(), (json::object{{"code", "a code"}}));
}

TEST_F(HandoffCalls, a_code_that_is_no_good_is_told_from_a_platform_that_is_not) {
    for (const int status : {400, 404, 410})
        EXPECT_EQ(exchange(answered(status, "{}")).error().code, Errc::unauthorized) << status;
    for (const int status : {201, 302, 401, 403, 500, 503})
        EXPECT_EQ(exchange(answered(status, "{}")).error().code, Errc::provider_unavailable)
            << status;
    const std::string long_token(Handoff::token_bytes_max + 1, 'x');
    for (const std::string& body :
         {std::string{}, std::string{"no JSON"}, std::string{"[]"}, std::string{"{}"},
          std::string{R"({"token":""})"}, std::string{R"({"token":5})"},
          R"({"token":")" + long_token + "\"}"})
        EXPECT_EQ(exchange(answered(200, body)).error().code, Errc::provider_unavailable)
            << body.substr(0, 40);
}

TEST_F(HandoffCalls, nothing_is_sent_twice) {
    for (const auto& broken : {test::closed(), test::silent()}) {
        const auto before = server.heard().size();
        EXPECT_EQ(exchange(broken).error().code, Errc::provider_unavailable);
        EXPECT_EQ(server.heard().size(), before + 1);
    }
}

}  // namespace
}  // namespace payments::gateway
