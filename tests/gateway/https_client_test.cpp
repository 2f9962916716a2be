#include "gateway/https_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>
#include <vector>

#include "fixtures/scripted_server.hpp"

namespace payments::gateway {
namespace {

using std::chrono::milliseconds;
using test::answered;
using test::Certificates;
using test::HeardRequest;
using test::ScriptedServer;

HttpsRequest post(bool repeatable = false) {
    HttpsRequest request{"POST", "/pay", {{"X-Mine", "yes"}}, "body"};
    request.repeatable = repeatable;
    request.provider = "simplepay";
    request.operation = "start";
    return request;
}

Task<void> keep(Task<HttpsResponse> call, HttpsResponse& answer) {
    answer = co_await std::move(call);
}

class HttpsCalls : public testing::Test {
protected:
    HttpsResponse send(
        const std::string& url, HttpsRequest request, milliseconds deadline = milliseconds{5000}
    ) {
        HttpsResponse answer;
        auto call = client().send(Origin::parse(url).value(), std::move(request), deadline);
        bool done = false;
        boost::asio::co_spawn(loop, keep(std::move(call), answer), [&](std::exception_ptr thrown) {
            done = true;
            if (thrown) std::rethrow_exception(thrown);
        });
        loop.restart();
        while (!done) loop.run_one();
        return answer;
    }

    // How many of so many calls at once are answered.
    int send_at_once(const std::string& url, int count) {
        std::vector<HttpsResponse> answers(static_cast<std::size_t>(count));
        int done = 0;
        for (auto& answer : answers) {
            auto call = client().send(Origin::parse(url).value(), post(), std::chrono::seconds{5});
            boost::asio::co_spawn(
                loop, keep(std::move(call), answer), [&](const std::exception_ptr&) { ++done; }
            );
        }
        loop.restart();
        while (done < count) loop.run_one();
        return static_cast<int>(std::ranges::count_if(answers, [](const auto& answer) {
            return answer.kind == HttpsResponse::Kind::answered;
        }));
    }

    HttpsClient& client() {
        if (!made) made.emplace(loop, settings);
        return *made;
    }

    boost::asio::io_context loop;
    HttpsSettings settings;
    std::optional<HttpsClient> made;
};

// ------------------------------------------------------------------------- addresses

TEST(HttpsOrigin, plain_http_is_for_loopback_only) {
    EXPECT_TRUE(Origin::parse("https://secure.simplepay.hu/payment/v2"));
    for (const auto* local : {"http://127.0.0.1:9000", "http://localhost", "http://[::1]:80/x"})
        EXPECT_TRUE(Origin::parse(local)) << local;
    for (const auto* wrong :
         {"http://example.com", "http://10.0.0.1", "ftp://127.0.0.1", "https://", "https://:1",
          "https://a b", "https://host:0", "https://host:99999", "https://host/?q", "https://u@h",
          "https://[::1", "http://127.0.0.1.example.com", ""})
        EXPECT_FALSE(Origin::parse(wrong)) << wrong;
}

TEST(HttpsOrigin, its_parts_are_told_apart) {
    const auto origin = Origin::parse("https://secure.simplepay.hu/payment/v2/").value();
    EXPECT_TRUE(origin.tls);
    EXPECT_EQ(origin.host, "secure.simplepay.hu");
    EXPECT_EQ(origin.port, "443");
    EXPECT_EQ(origin.path, "/payment/v2");
    EXPECT_EQ(origin.authority(), "secure.simplepay.hu");
    EXPECT_EQ(Origin::parse("http://[::1]:81").value().authority(), "[::1]:81");
}

// ------------------------------------------------------------------------- one call

TEST_F(HttpsCalls, a_request_arrives_as_it_was_made_and_its_answer_comes_back) {
    ScriptedServer server{
        [](const HeardRequest&) { return answered(402, "{\"no\":1}", {"Request-Id: req_1"}); }};
    const auto answer = send(server.url() + "/v1", post());
    EXPECT_EQ(answer.kind, HttpsResponse::Kind::answered);
    EXPECT_EQ(answer.status, 402);
    EXPECT_EQ(answer.body, "{\"no\":1}");
    EXPECT_EQ(answer.header("request-id"), "req_1");

    const auto heard = server.heard().at(0);
    EXPECT_EQ(heard.method, "POST");
    EXPECT_EQ(heard.target, "/v1/pay");
    EXPECT_EQ(heard.body, "body");
    EXPECT_EQ(heard.header("x-mine"), "yes");
    EXPECT_EQ(heard.header("content-length"), "4");
    EXPECT_EQ("http://" + heard.header("host"), server.url());
}

TEST_F(HttpsCalls, a_header_value_with_a_line_break_is_not_sent) {
    ScriptedServer server{[](const HeardRequest&) { return answered(200, ""); }};
    auto request = post();
    request.headers.emplace_back("X-Evil", "a\r\nX-Smuggled: b");
    EXPECT_EQ(send(server.url(), std::move(request)).kind, HttpsResponse::Kind::answered);
    EXPECT_EQ(server.heard().at(0).header("x-smuggled"), "");
    EXPECT_EQ(server.heard().at(0).header("x-evil"), "");
}

TEST_F(HttpsCalls, nobody_listening_is_unreachable_because_nothing_was_sent) {
    const auto answer = send(test::deserted_url(), post());
    EXPECT_EQ(answer.kind, HttpsResponse::Kind::unreachable);
    EXPECT_NE(answer.why, "");
}

TEST_F(HttpsCalls, a_host_that_has_no_address_is_unreachable) {
    EXPECT_EQ(send("https://nowhere.invalid", post()).kind, HttpsResponse::Kind::unreachable);
}

TEST_F(HttpsCalls, silence_ends_at_the_deadline_and_is_no_answer) {
    ScriptedServer server{[](const HeardRequest&) { return test::silent(); }};
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = send(server.url(), post(), milliseconds{150});
    EXPECT_EQ(answer.kind, HttpsResponse::Kind::unanswered);
    EXPECT_NE(answer.why.find("timed out"), std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds{2000});
}

TEST_F(HttpsCalls, what_breaks_off_after_sending_is_no_answer) {
    const auto kind = [&](test::Scripted scripted) {
        scripted.close = true;
        ScriptedServer server{[scripted](const HeardRequest&) { return scripted; }};
        return send(server.url(), post()).kind;
    };
    const auto raw = [](const std::string& bytes) {
        test::Scripted scripted;
        scripted.bytes = bytes;
        return scripted;
    };
    EXPECT_EQ(kind(test::closed()), HttpsResponse::Kind::unanswered);
    EXPECT_EQ(
        kind(raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")),
        HttpsResponse::Kind::unanswered
    );
    EXPECT_EQ(kind(raw("HTTP/1.1 200 OK\r\nContent-Le")), HttpsResponse::Kind::unanswered);
    EXPECT_EQ(kind(raw("SSH-2.0-OpenSSH\r\n\r\n")), HttpsResponse::Kind::unanswered);
    EXPECT_EQ(kind(raw("HTTP/1.1 200 OK\r\n\r\nuntil the end")), HttpsResponse::Kind::answered);
}

TEST_F(HttpsCalls, an_answer_over_the_limit_is_no_answer) {
    settings.answer_bytes = 1000;
    ScriptedServer server{[](const HeardRequest& request) {
        return answered(200, std::string(request.body == "body" ? 1001 : 1000, 'x'));
    }};
    EXPECT_EQ(send(server.url(), post()).kind, HttpsResponse::Kind::unanswered);
    auto smaller = post();
    smaller.body = "small";
    EXPECT_EQ(send(server.url(), std::move(smaller)).body.size(), 1000U);
}

TEST_F(HttpsCalls, too_many_at_once_are_turned_away_before_anything_is_sent) {
    settings.calls = 0;
    ScriptedServer server{[](const HeardRequest&) { return answered(200, ""); }};
    EXPECT_EQ(send(server.url(), post()).kind, HttpsResponse::Kind::unreachable);
    EXPECT_TRUE(server.heard().empty());
}

TEST_F(HttpsCalls, whoever_counts_is_told_of_every_call) {
    std::vector<CallReport> reports;
    settings.observer = [&](const CallReport& report) { reports.push_back(report); };
    ScriptedServer server{[](const HeardRequest&) { return answered(500, ""); }};
    send(server.url(), post());
    send(test::deserted_url(), post());
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0].provider, "simplepay");
    EXPECT_EQ(reports[0].operation, "start");
    EXPECT_EQ(reports[0].status, 500);
    EXPECT_EQ(reports[0].outcome, HttpsResponse::Kind::answered);
    EXPECT_GE(reports[0].seconds, 0.0);
    EXPECT_EQ(reports[1].outcome, HttpsResponse::Kind::unreachable);
}

// ------------------------------------------------------------------------- connections

TEST_F(HttpsCalls, a_connection_is_used_again) {
    ScriptedServer server{[](const HeardRequest&) { return answered(200, "x"); }};
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(send(server.url(), post()).kind, HttpsResponse::Kind::answered);
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpsCalls, those_of_a_burst_serve_the_next_one) {
    constexpr int burst = 64;
    const ScriptedServer server{[](const HeardRequest&) {
        auto reply = answered(200, "x");
        reply.delay_ms = 100;  // all are under way before the first is answered
        return reply;
    }};
    for (int round = 0; round < 2; ++round) EXPECT_EQ(send_at_once(server.url(), burst), burst);
    EXPECT_EQ(server.connections(), burst);
}

TEST_F(HttpsCalls, one_that_the_server_closed_while_idle_is_replaced) {
    ScriptedServer server{[](const HeardRequest&) { return answered(200, "x"); }};
    send(server.url(), post());
    server.close_connections();
    EXPECT_EQ(send(server.url(), post()).kind, HttpsResponse::Kind::answered);
    EXPECT_EQ(server.connections(), 2);
    EXPECT_EQ(server.heard().size(), 2U);
}

TEST_F(HttpsCalls, a_reused_connection_that_breaks_is_tried_again_only_when_that_is_harmless) {
    const auto script = [](const HeardRequest& request) {
        const bool second_on_first = request.connection == 1 && request.body == "again";
        return second_on_first ? test::closed() : answered(200, "x");
    };
    auto again = post(true);
    again.body = "again";
    ScriptedServer lenient{script};
    send(lenient.url(), post());
    EXPECT_EQ(send(lenient.url(), again).kind, HttpsResponse::Kind::answered);
    EXPECT_EQ(lenient.heard().size(), 3U);

    again.repeatable = false;
    ScriptedServer strict{script};
    send(strict.url(), post());
    EXPECT_EQ(send(strict.url(), again).kind, HttpsResponse::Kind::unanswered);
    EXPECT_EQ(strict.heard().size(), 2U);
}

TEST_F(HttpsCalls, a_server_that_says_close_is_taken_at_its_word) {
    ScriptedServer server{
        [](const HeardRequest&) { return answered(200, "x", {"Connection: close"}); }};
    send(server.url(), post());
    send(server.url(), post());
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpsCalls, idle_connections_are_closed_after_a_while) {
    settings.idle_time = milliseconds{30};
    ScriptedServer server{[](const HeardRequest&) { return answered(200, "x"); }};
    send(server.url(), post());
    loop.run();  // ends when the sweep has closed the last one
    send(server.url(), post());
    EXPECT_EQ(server.connections(), 2);
}

// ------------------------------------------------------------------------- TLS

class HttpsTrust : public HttpsCalls {
protected:
    HttpsResponse::Kind call(
        const Certificates& certificates, bool trusted, const std::string& host
    ) {
        settings.trust_file = trusted ? certificates.authority : "";
        ScriptedServer server{[](const HeardRequest&) { return answered(200, "x"); }, certificates};
        const auto answer = send(server.url(host), post());
        requests = server.heard().size();
        why = answer.why;
        return answer.kind;
    }
    std::size_t requests = 0;
    std::string why;
};

TEST_F(HttpsTrust, a_certificate_for_this_host_from_a_trusted_authority_is_taken) {
    EXPECT_EQ(
        call(Certificates::make("localhost", 10), true, "localhost"), HttpsResponse::Kind::answered
    ) << why;
    EXPECT_EQ(requests, 1U);
}

TEST_F(HttpsTrust, an_address_is_verified_as_an_address) {
    EXPECT_EQ(
        call(Certificates::make("127.0.0.1", 10), true, "127.0.0.1"), HttpsResponse::Kind::answered
    ) << why;
}

TEST_F(HttpsTrust, a_certificate_for_another_host_is_refused_before_anything_is_sent) {
    EXPECT_EQ(
        call(Certificates::make("stripe.test", 10), true, "localhost"),
        HttpsResponse::Kind::unreachable
    );
    EXPECT_EQ(requests, 0U);
}

TEST_F(HttpsTrust, an_expired_certificate_is_refused) {
    EXPECT_EQ(
        call(Certificates::make("localhost", -1), true, "localhost"),
        HttpsResponse::Kind::unreachable
    );
    EXPECT_EQ(requests, 0U);
}

TEST_F(HttpsTrust, an_authority_that_nobody_trusts_is_refused) {
    EXPECT_EQ(
        call(Certificates::make("localhost", 10), false, "localhost"),
        HttpsResponse::Kind::unreachable
    );
    EXPECT_EQ(requests, 0U);
}

TEST_F(HttpsTrust, a_self_signed_certificate_is_refused) {
    EXPECT_EQ(
        call(Certificates::self_signed("localhost"), false, "localhost"),
        HttpsResponse::Kind::unreachable
    );
    EXPECT_EQ(requests, 0U);
}

TEST_F(HttpsTrust, a_server_that_does_not_speak_tls_is_unreachable) {
    ScriptedServer server{[](const HeardRequest&) { return answered(200, "x"); }};
    auto url = server.url("localhost");
    url.replace(0, 4, "https");
    EXPECT_EQ(send(url, post(), milliseconds{2000}).kind, HttpsResponse::Kind::unreachable);
}

TEST_F(HttpsTrust, encrypted_connections_are_used_again_and_replaced_when_closed) {
    const auto certificates = Certificates::make("localhost", 10);
    settings.trust_file = certificates.authority;
    ScriptedServer server{[](const HeardRequest&) { return answered(200, "x"); }, certificates};
    const auto url = server.url("localhost");
    EXPECT_EQ(send(url, post()).kind, HttpsResponse::Kind::answered);
    EXPECT_EQ(send(url, post()).kind, HttpsResponse::Kind::answered);
    EXPECT_EQ(server.connections(), 1);
    server.close_connections();
    EXPECT_EQ(send(url, post()).kind, HttpsResponse::Kind::answered);
    EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace payments::gateway
