// Answers that are made while they are sent.
#include <gtest/gtest.h>

#include "fixtures/http_fixture.hpp"

using namespace payments;
using namespace payments::test;
using namespace std::chrono_literals;

namespace {

std::string get_of(const std::string& path, const std::string& more = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
}
std::string get_1_0(const std::string& path) { return "GET " + path + " HTTP/1.0\r\n\r\n"; }

std::string body_of(const std::string& answer) {
    const auto head_end = answer.find("\r\n\r\n");
    return head_end == answer.npos ? "" : answer.substr(head_end + 4);
}

constexpr std::size_t many_bytes = 400 * 64 * 1024;

TEST(HttpPieces, come_in_chunks_and_the_connection_goes_on) {
    RunningServer server;
    RawClient client(server.port);
    client.send(
        get_of("/pieces") + get_of("/echo") + get_of("/no-pieces") + get_of("/many-pieces")
    );
    const auto answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("transfer-encoding"), "chunked");
    EXPECT_FALSE(answer.headers.contains("content-length"));
    EXPECT_FALSE(answer.headers.contains("connection"));
    EXPECT_EQ(answer.body, "one,two,three");
    EXPECT_EQ(client.read().headers.at("content-length"), "19");
    EXPECT_EQ(client.read().status, 200);
    EXPECT_EQ(client.read().body, std::string(many_bytes, 'm'));
}

TEST(HttpPieces, are_framed_as_the_standard_says) {
    RunningServer server;
    RawClient client(server.port);
    client.send(get_of("/pieces", "Connection: close\r\n"));
    EXPECT_EQ(body_of(client.read_to_end()), "4\r\none,\r\n4\r\ntwo,\r\n5\r\nthree\r\n0\r\n\r\n");
    EXPECT_TRUE(client.is_closed_within(0s));
    RawClient second(server.port);
    second.send(get_of("/no-pieces", "Connection: close\r\n"));
    EXPECT_EQ(body_of(second.read_to_end()), "0\r\n\r\n");
}

TEST(HttpPieces, reach_a_client_of_http_1_0_until_the_connection_ends) {
    RunningServer server;
    RawClient client(server.port);
    client.send(get_1_0("/pieces"));
    const auto answer = client.read_to_end();
    EXPECT_EQ(body_of(answer), "one,two,three");
    EXPECT_EQ(answer.find("chunked"), answer.npos);
    EXPECT_EQ(answer.find("Content-Length"), answer.npos);
    EXPECT_NE(answer.find("Connection: close\r\n"), answer.npos);
    EXPECT_TRUE(client.is_closed_within(0s));
    RawClient second(server.port);
    second.send(get_1_0("/many-pieces"));
    EXPECT_EQ(body_of(second.read_to_end()), std::string(many_bytes, 'm'));
    EXPECT_FALSE(second.was_reset());
}

TEST(HttpPieces, are_not_made_for_head) {
    RunningServer server;
    RawClient client(server.port);
    client.send("HEAD /pieces HTTP/1.1\r\nHost: a\r\n\r\n" + get_of("/echo"));
    const auto head = client.read(false);
    EXPECT_EQ(head.status, 200);
    EXPECT_FALSE(head.headers.contains("content-length"));
    EXPECT_EQ(client.read().body, "GET /echo?\nhost=a\n\n");
    EXPECT_EQ(server.application.pieces_asked, 0);
    RawClient old(server.port);
    old.send("HEAD /pieces HTTP/1.0\r\n\r\n");
    EXPECT_EQ(body_of(old.read_to_end()), "");
    EXPECT_TRUE(old.is_closed_within(0s));
}

// ---------------------------------------------------------------------------------- faults

TEST(HttpPieces, that_cannot_be_made_leave_an_answer_that_is_visibly_incomplete) {
    RunningServer server;
    for (const std::string path : {"/broken-pieces", "/oddly-broken-pieces"}) {
        RawClient client(server.port);
        client.send(get_of(path) + get_of("/echo"));
        const auto answer = client.read_to_end();
        EXPECT_EQ(answer.find("\r\n0\r\n"), answer.npos) << path;
        EXPECT_EQ(answer.find("/echo"), answer.npos) << path;
        EXPECT_TRUE(client.has_ended()) << path;

        RawClient old(server.port);
        old.send(get_1_0(path));
        old.read_to_end();
        EXPECT_TRUE(old.was_reset()) << path;
    }
    EXPECT_TRUE(server.is_empty_within(1s));
    RawClient client(server.port);
    client.send(get_of("/pieces"));
    EXPECT_EQ(client.read().status, 200);
}

TEST(HttpPieces, that_are_given_up_are_no_failure_and_no_whole_answer_either) {
    RunningServer server;
    testing::internal::CaptureStderr();
    RawClient client(server.port);
    client.send(get_of("/given-up-pieces"));
    EXPECT_EQ(client.read_to_end().find("\r\n0\r\n"), std::string::npos);
    EXPECT_TRUE(server.is_empty_within(1s));
    const auto logged = testing::internal::GetCapturedStderr();
    EXPECT_EQ(logged.find("broke off"), logged.npos) << logged;
}

TEST(HttpPieces, are_made_no_faster_than_they_are_taken) {
    RunningServer server;
    RawClient client(server.port, 4096);
    client.send(get_of("/many-pieces"));
    std::this_thread::sleep_for(200ms);
    const int asked = server.application.pieces_asked;
    EXPECT_LT(asked, 400);
    std::this_thread::sleep_for(100ms);
    EXPECT_EQ(server.application.pieces_asked, asked);
}

TEST(HttpPieces, for_a_client_that_has_gone_are_given_up) {
    RunningServer server;
    {
        RawClient client(server.port, 4096);
        client.send(get_of("/many-pieces"));
        while (server.application.pieces_asked < 2) std::this_thread::sleep_for(1ms);
    }
    EXPECT_TRUE(server.is_empty_within(2s));
}

// ---------------------------------------------------------------------------------- time

TEST(HttpPieces, that_are_not_taken_end_the_connection_visibly) {
    for (const auto& request : {get_of("/many-pieces"), get_1_0("/many-pieces")}) {
        RunningServer server(short_limits());
        RawClient client(server.port, 4096);
        client.send(request);
        while (server.application.pieces_asked < 1) std::this_thread::sleep_for(1ms);
        EXPECT_TRUE(server.is_empty_within(3s));
        EXPECT_LT(client.read_to_end().size(), many_bytes);
        EXPECT_TRUE(client.was_reset());
    }
}

// A limit that a busy machine does not reach while one piece is taken, and a client so slow that
// all of them take longer.
TEST(HttpPieces, have_the_time_of_an_answer_each) {
    auto limits_of_pieces = short_limits();
    limits_of_pieces.answer_time = 1s;
    RunningServer server(limits_of_pieces);
    RawClient client(server.port, 32 * 1024);
    const auto begin = std::chrono::steady_clock::now();
    client.send(get_1_0("/many-pieces"));
    std::string answer;
    while (!client.has_ended() && std::chrono::steady_clock::now() - begin < 10s) {
        answer += client.read_some();
        std::this_thread::sleep_for(2ms);
    }
    EXPECT_EQ(body_of(answer).size(), many_bytes);
    EXPECT_FALSE(client.was_reset());
    EXPECT_GT(std::chrono::steady_clock::now() - begin, 1s) << "the client was not slow";
}

TEST(HttpPieces, may_take_longer_to_make_than_any_limit_of_the_connection) {
    auto limits = short_limits();
    limits.request_time = limits.answer_time = limits.idle_time = 100ms;
    RunningServer server(limits);
    RawClient client(server.port);
    client.send(get_of("/slow-pieces"));
    EXPECT_EQ(client.read().body, "one,two,three");
}

// ---------------------------------------------------------------------------------- drain

TEST(HttpPieces, under_way_are_finished_before_the_server_stops) {
    RunningServer server;
    RawClient client(server.port);
    client.send(get_of("/slow-pieces"));
    while (server.application.pieces_asked < 1) std::this_thread::sleep_for(1ms);
    auto drained = server.drain(5s);
    EXPECT_EQ(client.read().body, "one,two,three");
    client.end_of_sending();
    EXPECT_EQ(drained.wait_for(4s), std::future_status::ready);
}

TEST(HttpPieces, that_are_not_finished_by_then_end_visibly) {
    RunningServer server;
    RawClient client(server.port);
    client.send(get_1_0("/slow-pieces"));
    while (server.application.pieces_asked < 1) std::this_thread::sleep_for(1ms);
    auto drained = server.drain(50ms);
    EXPECT_EQ(drained.wait_for(4s), std::future_status::ready);
    EXPECT_NE(body_of(client.read_to_end()), "one,two,three");
    EXPECT_TRUE(client.was_reset());
}

}  // namespace
