#include <gtest/gtest.h>
#include <sys/resource.h>

#include "fixtures/http_fixture.hpp"

using namespace payments;
using namespace payments::test;
using namespace std::chrono_literals;

namespace {

const std::string get = "GET /echo?a=b HTTP/1.1\r\nHost: shop\r\n\r\n";
const std::string post = "POST /echo HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello";

TEST(HttpServer, answers_a_get) {
    RunningServer server;
    RawClient client(server.port);
    client.send(get);
    const auto answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "GET /echo?a=b\nhost=shop\n\n");
    EXPECT_EQ(answer.headers.at("content-type"), "text/plain");
    EXPECT_TRUE(answer.headers.at("date").ends_with(" GMT"));
    EXPECT_EQ(answer.headers.at("x-request-id").size(), 32u);
    EXPECT_FALSE(answer.headers.contains("server"));
    EXPECT_FALSE(answer.headers.contains("connection"));
}

TEST(HttpServer, answers_many_requests_on_one_connection) {
    RunningServer server;
    RawClient client(server.port);
    for (int i = 0; i < 50; ++i) {
        client.send(i % 2 == 0 ? get : post);
        EXPECT_EQ(client.read().status, 200);
    }
    EXPECT_EQ(server.application.answered, 50);
}

TEST(HttpServer, answers_pipelined_requests_in_order) {
    RunningServer server;
    RawClient client(server.port);
    std::string requests;
    for (int i = 0; i < 200; ++i)
        requests += "GET /" + std::string(i == 0 ? "slow" : "echo") + "?" + std::to_string(i) +
                    " HTTP/1.1\r\nHost: shop\r\n\r\n" + post;
    client.send(requests);
    for (int i = 0; i < 200; ++i) {
        EXPECT_NE(client.read().body.find("?" + std::to_string(i) + "\n"), std::string::npos);
        EXPECT_TRUE(client.read().body.ends_with("\n\nhello"));
    }
}

TEST(HttpServer, a_request_may_arrive_byte_by_byte) {
    RunningServer server;
    RawClient client(server.port);
    client.send_byte_by_byte(post);
    EXPECT_TRUE(client.read().body.ends_with("\n\nhello"));
    client.send_byte_by_byte(
        "POST /echo HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: z\r\n\r\n"
    );
    EXPECT_TRUE(client.read().body.ends_with("\n\nhello"));
}

TEST(HttpServer, large_bodies_arrive_whole) {
    RunningServer server;
    RawClient client(server.port);
    std::string body(3 * 1024 * 1024, '.');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i * 7 % 26);
    const std::string head = "POST /large HTTP/1.1\r\nHost: shop\r\n";
    client.send(head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_TRUE(client.read().body.ends_with(body));
    client.send(head + "Transfer-Encoding: chunked\r\n\r\n100000\r\n" + body.substr(0, 0x100000));
    client.send("\r\n200000\r\n" + body.substr(0x100000) + "\r\n0\r\n\r\n" + get);
    EXPECT_TRUE(client.read().body.ends_with(body));
    EXPECT_EQ(client.read().status, 200);
}

// Nobody fills the memory by sending, slowly, what is large.
TEST(HttpServer, so_many_large_bodies_are_received_at_a_time_and_no_more) {
    RunningServer server;
    const std::string head = "POST /large HTTP/1.1\r\nHost: shop\r\n";
    const std::string large = head + "Content-Length: 2000000\r\n\r\n";
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 2; ++i) {
        clients.push_back(std::make_unique<RawClient>(server.port));
        clients.back()->send(large + "x");
        // It has its place when the next request of somebody else has been answered.
        RawClient other(server.port);
        other.send(get);
        EXPECT_EQ(other.read().status, 200);
    }
    for (const auto& third : {large, head + "Transfer-Encoding: chunked\r\n\r\n"}) {
        RawClient client(server.port);
        client.send(third);
        const auto refused = client.read();
        EXPECT_EQ(refused.status, 503);
        EXPECT_EQ(refused.headers.at("retry-after"), "5");
    }
    RawClient small(server.port);
    small.send(head + "Content-Length: 5\r\n\r\nhello");
    EXPECT_EQ(small.read().status, 200);

    clients[0]->send(std::string(1'999'999, 'y'));
    EXPECT_EQ(clients[0]->read().status, 200);
    clients[1].reset();  // gone in the middle
    for (int i = 0; i < 3; ++i) {
        RawClient client(server.port);
        client.send(large + std::string(2'000'000, 'z'));
        EXPECT_EQ(client.read().status, 200) << i;
    }
}

TEST(HttpServer, a_head_answer_has_the_length_but_no_body) {
    RunningServer server;
    RawClient client(server.port);
    client.send("HEAD /echo HTTP/1.1\r\nHost: shop\r\n\r\n" + get);
    const auto head = client.read(false);
    EXPECT_EQ(head.headers.at("content-length"), "23");
    EXPECT_EQ(client.read().body, "GET /echo?a=b\nhost=shop\n\n");
}

TEST(HttpServer, an_answer_without_content_has_no_length) {
    RunningServer server;
    RawClient client(server.port);
    client.send("GET /nothing HTTP/1.1\r\nHost: shop\r\n\r\n" + get);
    const auto nothing = client.read();
    EXPECT_EQ(nothing.status, 204);
    EXPECT_FALSE(nothing.headers.contains("content-length"));
    EXPECT_EQ(client.read().status, 200);
}

TEST(HttpServer, expect_100_continue_is_answered_before_the_body) {
    RunningServer server;
    RawClient client(server.port);
    const std::string head =
        "POST /echo HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: ";
    client.send(head + "5\r\n\r\n");
    EXPECT_EQ(client.read().status, 100);
    client.send("hello");
    EXPECT_EQ(client.read().status, 200);
    client.send(head + "5\r\n\r\nhello");
    EXPECT_EQ(client.read().status, 200) << "a body that is here already needs no invitation";
    client.send(head + "100000\r\n\r\n");
    EXPECT_EQ(client.read().status, 413);
}

TEST(HttpServer, a_clean_request_id_comes_back_and_any_other_is_replaced) {
    RunningServer server;
    RawClient client(server.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: shop.42_a-B\r\n\r\n");
    EXPECT_EQ(client.read().headers.at("x-request-id"), "shop.42_a-B");
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: <script>\r\n\r\n");
    const auto first = client.read().headers.at("x-request-id");
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto second = client.read().headers.at("x-request-id");
    EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(first, second);
}

// ---------------------------------------------------------------------------------- closing

TEST(HttpServer, connection_close_is_honoured) {
    RunningServer server;
    RawClient client(server.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get);
    EXPECT_EQ(client.read().headers.at("connection"), "close");
    EXPECT_TRUE(client.is_closed_within(4s));
    EXPECT_EQ(server.application.answered, 1) << "what follows the last request is not read";
}

TEST(HttpServer, http_1_0_is_answered_and_closed) {
    RunningServer server;
    RawClient client(server.port);
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.read().headers.at("connection"), "close");
    EXPECT_TRUE(client.is_closed_within(4s));
}

TEST(HttpServer, the_application_may_end_a_connection) {
    RunningServer server;
    RawClient client(server.port);
    client.send("GET /goodbye HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.read().headers.at("connection"), "close");
    EXPECT_TRUE(client.is_closed_within(4s));
}

TEST(HttpServer, a_client_that_has_finished_sending_is_still_answered) {
    RunningServer server;
    RawClient client(server.port);
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + post);
    client.end_of_sending();
    EXPECT_EQ(client.read().status, 200);
    EXPECT_EQ(client.read().status, 200);
    EXPECT_TRUE(client.is_closed_within(1s));
}

TEST(HttpServer, tells_the_application_that_a_client_has_gone) {
    RunningServer server;
    std::optional<RawClient> leaving(std::in_place, server.port);
    leaving->send("GET /until-gone HTTP/1.1\r\nHost: a\r\n\r\n");
    RawClient staying(server.port);
    staying.send("GET /until-gone HTTP/1.1\r\nHost: a\r\n\r\n");
    while (server.application.waiting_for_gone < 2) std::this_thread::sleep_for(1ms);
    leaving.reset();
    while (server.application.waiting_for_gone > 1) std::this_thread::sleep_for(1ms);
    // What it sends behind its request is no farewell.
    staying.send("GET /echo");
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(server.application.waiting_for_gone, 1);
    // Who ends his half alone may still read: he is taken for gone too.
    staying.end_of_sending();
    EXPECT_EQ(staying.read().status, 200);
}

// ---------------------------------------------------------------------------------- faults

TEST(HttpServer, a_broken_handler_is_500_and_the_connection_stays) {
    RunningServer server;
    RawClient client(server.port);
    for (const std::string path :
         {"/throw", "/throw-anything", "/throw-at-once", "/throw-anything-at-once", "/split"}) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: r\r\n\r\n");
        const auto answer = client.read();
        EXPECT_EQ(answer.status, 500) << path;
        EXPECT_EQ(answer.body, R"({"detail":"","instance":"r"})") << path;
        EXPECT_FALSE(answer.headers.contains("set-cookie")) << path;
        EXPECT_FALSE(answer.headers.contains("connection")) << path;
    }
    client.send(get);
    EXPECT_EQ(client.read().status, 200);
}

TEST(HttpServer, answers_that_are_known_at_once_keep_the_order_of_the_requests) {
    RunningServer server;
    RawClient client(server.port);
    const std::string at_once = "GET /at-once HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + at_once + at_once + get);
    EXPECT_EQ(client.read().body, "GET /slow?\nhost=a\n\n");
    EXPECT_EQ(client.read().body, "at once");
    EXPECT_EQ(client.read().body, "at once");
    EXPECT_EQ(client.read().status, 200);
}

TEST(HttpServer, the_application_cannot_frame_the_answer_itself) {
    RunningServer server;
    RawClient client(server.port);
    client.send("GET /own HTTP/1.1\r\nHost: a\r\n\r\n" + get);
    const auto answer = client.read();
    EXPECT_EQ(answer.body, "GET /own?\nhost=a\n\n");
    EXPECT_EQ(answer.headers.at("x-mine"), "yes");
    EXPECT_NE(answer.headers.at("date"), "never");
    EXPECT_EQ(client.read().status, 200);
}

struct Refusal {
    const char* what;
    std::string request;
    int status;
};

TEST(HttpServer, a_refused_request_gets_its_document_and_the_connection_closes) {
    const std::string get_head = "GET / HTTP/1.1\r\nHost: a\r\n";
    const std::string post_head = "POST / HTTP/1.1\r\nHost: a\r\n";
    const std::string chunked = post_head + "Transfer-Encoding: chunked\r\n";
    const std::string long_line = "GET /" + std::string(8 * 1024, 'a');
    const std::string long_field = "A: " + std::string(17 * 1024, 'a');
    const std::string endless = "Content-Length: 99999999999999999999\r\n\r\n";
    const Refusal refusals[] = {
        {"smuggling", chunked + "Content-Length: 5\r\n\r\n", 400},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        {"a long line", long_line, 414},
        {"long headers", get_head + long_field, 431},
        {"a long body", post_head + "Content-Length: 65537\r\n\r\n", 413},
        {"an endless body", post_head + endless, 413},
        {"a long chunk", chunked + "\r\n10001\r\n", 413},
        {"a bad chunk", chunked + "\r\nx\r\n", 400},
    };
    RunningServer server;
    for (const auto& refusal : refusals) {
        RawClient client(server.port);
        client.send(get + refusal.request);
        EXPECT_EQ(client.read().status, 200) << refusal.what;
        const auto answer = client.read();
        EXPECT_EQ(answer.status, refusal.status) << refusal.what;
        EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json") << refusal.what;
        EXPECT_EQ(answer.headers.at("connection"), "close") << refusal.what;
        const auto id = answer.headers.at("x-request-id");
        EXPECT_NE(answer.body.find(id), std::string::npos) << refusal.what;
        client.end_of_sending();
        EXPECT_TRUE(client.is_closed_within(1s)) << refusal.what;
    }
}

TEST(HttpServer, a_body_at_the_limit_is_taken_and_one_byte_more_is_413) {
    RunningServer server;
    RawClient client(server.port);
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    client.send(head + "65536\r\n\r\n" + std::string(65536, 'b'));
    EXPECT_EQ(client.read().status, 200);
    client.send(head + "65537\r\n\r\n");
    EXPECT_EQ(client.read().status, 413);
}

TEST(HttpServer, the_413_is_read_even_by_a_client_that_sends_all_of_its_body_first) {
    RunningServer server;
    RawClient client(server.port);
    EXPECT_TRUE(
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n") &&
        client.send(std::string(8'000'000, 'b'))
    );
    EXPECT_EQ(client.read().status, 413);
    EXPECT_TRUE(client.is_closed_within(4s));
    EXPECT_TRUE(server.is_empty_within(4s)) << "nobody waits long for the client to close";
}

TEST(HttpServer, a_request_that_ends_too_early_is_400) {
    RunningServer server;
    for (const std::string& request : {get.substr(0, 20), post.substr(0, post.size() - 1)}) {
        RawClient client(server.port);
        client.send(request);
        client.end_of_sending();
        EXPECT_EQ(client.read().status, 400);
    }
}

// ---------------------------------------------------------------------------------- time

TEST(HttpServer, a_request_that_takes_too_long_is_408) {
    RunningServer server(short_limits());
    const std::string slow_head = "GET /echo HTTP/1.1\r\nHost: shop\r\nX: ";
    const std::string slow_body = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n";
    for (const auto& request : {slow_head, slow_body}) {
        RawClient client(server.port);
        const auto begin = std::chrono::steady_clock::now();
        client.send(request);
        while (std::chrono::steady_clock::now() - begin < 300ms) {  // progress earns no more time
            client.send("x");
            std::this_thread::sleep_for(20ms);
        }
        EXPECT_EQ(client.read().status, 408);
        const auto took = std::chrono::steady_clock::now() - begin;
        EXPECT_GE(took, 400ms);
        EXPECT_LT(took, 2s);
    }
}

TEST(HttpServer, an_idle_connection_is_closed_without_a_word) {
    RunningServer server(short_limits());
    RawClient silent(server.port);
    RawClient answered(server.port);
    answered.send(get);
    EXPECT_EQ(answered.read().status, 200);
    EXPECT_EQ(silent.read_to_end(), "");
    EXPECT_TRUE(silent.is_closed_within(0s));
    EXPECT_EQ(answered.read_to_end(), "");
    EXPECT_TRUE(answered.is_closed_within(0s));
}

TEST(HttpServer, a_handler_may_take_longer_than_any_limit_of_the_connection) {
    auto limits = short_limits();
    limits.request_time = limits.answer_time = limits.idle_time = 100ms;
    RunningServer server(limits);
    RawClient client(server.port);
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.read().status, 200);
}

TEST(HttpServer, an_answer_that_is_not_taken_is_given_up) {
    RunningServer server(short_limits());
    RawClient client(server.port, 4096);
    client.send("GET /static HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(1s);
    EXPECT_LT(client.read_to_end().size(), 8u * 1024 * 1024);
    EXPECT_TRUE(server.is_empty_within(1s));
}

TEST(HttpServer, a_large_answer_arrives_whole_at_a_slow_reader) {
    RunningServer server;
    RawClient client(server.port, 4096);
    client.send("GET /static HTTP/1.1\r\nHost: a\r\n\r\n" + get);
    std::this_thread::sleep_for(50ms);
    const auto answer = client.read();
    EXPECT_EQ(answer.body, std::string(8 * 1024 * 1024, 's'));
    EXPECT_EQ(client.read().status, 200);
}

TEST(HttpServer, slow_and_silent_clients_delay_nobody) {
    RunningServer server;
    RawClient silent(server.port);
    RawClient half(server.port);
    half.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    RawClient not_reading(server.port, 4096);
    not_reading.send("GET /static HTTP/1.1\r\nHost: a\r\n\r\n");
    RawClient waiting(server.port);
    waiting.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");

    RawClient quick(server.port);
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) {
        quick.send(get);
        EXPECT_EQ(quick.read().status, 200);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    EXPECT_EQ(waiting.read().status, 200);
}

// ---------------------------------------------------------------------------------- numbers

void allow_many_descriptors() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(HttpServer, a_thousand_idle_connections_are_held_and_each_still_answered) {
    allow_many_descriptors();
    RunningServer server;
    std::vector<RawClient> clients;
    for (int i = 0; i < 1000; ++i) clients.emplace_back(server.port);
    for (auto& client : clients) client.send(get);
    for (auto& client : clients) EXPECT_EQ(client.read().status, 200);
    EXPECT_EQ(server.open_connections->load(), 1000u);
    clients.clear();
    EXPECT_TRUE(server.is_empty_within(5s));
}

TEST(HttpServer, one_connection_too_many_is_503_with_retry_after) {
    http::Limits limits;
    limits.connections = 2;
    RunningServer server(limits);
    RawClient first(server.port);
    RawClient second(server.port);
    first.send(get);
    EXPECT_EQ(first.read().status, 200);
    second.send(get);
    EXPECT_EQ(second.read().status, 200);
    {
        RawClient third(server.port);
        third.send(get);
        const auto answer = third.read();
        EXPECT_EQ(answer.status, 503);
        EXPECT_EQ(answer.headers.at("retry-after"), "1");
        EXPECT_EQ(answer.headers.at("connection"), "close");
    }
    first.send(get);
    EXPECT_EQ(first.read().status, 200);
}

TEST(HttpServer, what_is_vital_is_answered_when_connections_run_out) {
    http::Limits limits;
    limits.connections = 1;
    RunningServer server(limits);
    RawClient first(server.port);
    first.send(get);
    EXPECT_EQ(first.read().status, 200);
    for (int round = 0; round < 3; ++round) {
        RawClient supervisor(server.port);
        supervisor.send("GET /vital HTTP/1.1\r\nHost: a\r\n\r\n" + get);
        const auto answer = supervisor.read();
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.headers.at("connection"), "close");
        EXPECT_EQ(supervisor.read_to_end(), "") << "one request, and no other";
    }
    for (const auto* other :
         {"POST /vital HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", "nonsense\r\n\r\n", ""}) {
        RawClient visitor(server.port);
        visitor.send(other);
        EXPECT_EQ(visitor.read().status, 503) << other;
    }
    EXPECT_EQ(server.application.answered, 4);
}

TEST(HttpServer, an_early_answer_outlasts_a_body_that_comes_slowly) {
    RunningServer server;
    RawClient client(server.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    for (int piece = 0; piece < 9; ++piece) {
        std::this_thread::sleep_for(300ms);
        ASSERT_TRUE(client.send(std::string(10'000, 'x'))) << piece;
    }
    std::this_thread::sleep_for(100ms);
    ASSERT_TRUE(client.send("x")) << "no reset has come, that would take the answer";
    EXPECT_EQ(client.read().status, 413);
    EXPECT_TRUE(client.is_closed_within(4s));
}

TEST(HttpServer, a_body_that_goes_on_for_longer_than_a_request_may_is_cut) {
    auto limits = short_limits();
    limits.request_time = 1200ms;
    RunningServer server(limits);
    RawClient client(server.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
    EXPECT_EQ(client.read().status, 413);
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (server.open_connections->load() > 0 && std::chrono::steady_clock::now() < until) {
        client.send("x");
        std::this_thread::sleep_for(50ms);
    }
    EXPECT_EQ(server.open_connections->load(), 0u);
}

// ---------------------------------------------------------------------------------- drain

TEST(HttpServer, drain_ends_idle_connections_and_lets_running_requests_finish) {
    RunningServer server;
    RawClient idle(server.port);
    idle.send(get);
    EXPECT_EQ(idle.read().status, 200);
    RawClient running(server.port);
    running.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    RawClient sending(server.port);
    sending.send(post.substr(0, post.size() - 2));
    while (server.application.answered < 2) std::this_thread::sleep_for(1ms);

    auto drained = server.drain(5s);
    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_THROW(RawClient(server.port), std::system_error);
    sending.send("lo");
    const auto sent = sending.read();
    EXPECT_TRUE(sent.body.ends_with("\n\nhello"));
    EXPECT_EQ(sent.headers.at("connection"), "close");
    sending.end_of_sending();
    const auto answer = running.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("connection"), "close");
    running.end_of_sending();
    ASSERT_EQ(drained.wait_for(4s), std::future_status::ready);
    EXPECT_EQ(drained.get(), 0u);
    EXPECT_EQ(server.open_connections->load(), 0u);
}

TEST(HttpServer, drain_counts_the_requests_that_its_deadline_cuts_off) {
    RunningServer server;
    RawClient running(server.port);
    running.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    RawClient half(server.port);
    half.send(get.substr(0, 10));
    while (server.application.answered < 1 || server.open_connections->load() < 2)
        std::this_thread::sleep_for(1ms);
    auto drained = server.drain(20ms);
    ASSERT_EQ(drained.wait_for(4s), std::future_status::ready);
    EXPECT_EQ(drained.get(), 1u);
    EXPECT_EQ(running.read_to_end(), "");
}

TEST(HttpServer, drain_returns_at_its_deadline) {
    RunningServer server;
    RawClient half(server.port);
    half.send(get.substr(0, 10));
    while (server.open_connections->load() < 1) std::this_thread::sleep_for(1ms);
    const auto begin = std::chrono::steady_clock::now();
    auto drained = server.drain(300ms);
    EXPECT_EQ(drained.wait_for(3s), std::future_status::ready);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 300ms);
    EXPECT_EQ(drained.get(), 0u);
    half.read_to_end(1s);
    EXPECT_TRUE(half.is_closed_within(1s) || half.was_reset());
}

TEST(HttpServer, drain_of_an_unused_server_returns_at_once) {
    RunningServer server;
    auto drained = server.drain(5s);
    EXPECT_EQ(drained.wait_for(1s), std::future_status::ready);
}

}  // namespace
