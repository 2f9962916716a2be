#include <gtest/gtest.h>

#include "support/http_fixture.hpp"

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

}  // namespace
