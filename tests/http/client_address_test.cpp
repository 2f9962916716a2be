#include "http/api/client_address.hpp"

#include <gtest/gtest.h>

namespace payments::http {
namespace {

Request from(std::string peer, std::vector<std::string> forwarded) {
    Request request;
    request.peer = std::move(peer);
    for (auto& line : forwarded) request.headers.emplace_back("x-forwarded-for", std::move(line));
    return request;
}

const TrustedProxies proxies{{"10.0.0.0/8", "2001:db8:ffff::/48"}};

struct Story {
    const char* peer;
    std::vector<std::string> forwarded;
    const char* client;
};

TEST(ClientAddress, is_the_right_most_that_is_no_proxy_of_ours_in_one_spelling) {
    const Story stories[] = {
        {"192.0.2.1", {"198.51.100.7"}, "192.0.2.1"},  // the peer is no proxy: not believed
        {"10.0.0.1", {}, "10.0.0.1"},
        {"10.0.0.1", {"198.51.100.7"}, "198.51.100.7"},
        {"::ffff:10.0.0.1", {"198.51.100.7"}, "198.51.100.7"},
        {"10.0.0.1", {"203.0.113.9, 198.51.100.7"}, "198.51.100.7"},
        {"10.0.0.1", {"203.0.113.9", "198.51.100.7, 10.1.1.1"}, "198.51.100.7"},
        {"10.0.0.1", {"198.51.100.7:40001"}, "198.51.100.7"},
        {"10.0.0.1", {"203.0.113.9:1, 198.51.100.7:40001, 10.2.2.2:80"}, "198.51.100.7"},
        {"10.0.0.1", {"[2001:db8::1]:443"}, "2001:db8::1"},
        {"10.0.0.1", {"[2001:db8::1]"}, "2001:db8::1"},
        {"10.0.0.1", {"2001:DB8:0:0::1"}, "2001:db8::1"},
        {"10.0.0.1", {"::ffff:198.51.100.7"}, "198.51.100.7"},
        {"10.0.0.1", {"[::ffff:198.51.100.7]:9"}, "198.51.100.7"},
        {"2001:db8:ffff::5", {"198.51.100.7"}, "198.51.100.7"},
        {"10.0.0.1", {"198.51.100.7, unknown, 10.1.1.1"}, "10.1.1.1"},
        {"10.0.0.1", {"198.51.100.7, [2001:db8::1"}, "10.0.0.1"},
        {"10.0.0.1", {"198.51.100.7,"}, "10.0.0.1"},
    };
    for (const auto& [peer, forwarded, client] : stories)
        EXPECT_EQ(client_address(from(peer, forwarded), proxies), client)
            << peer << (forwarded.empty() ? "" : " for " + forwarded.front());
}

TEST(ClientAddress, counts_a_whole_64_of_ipv6_as_one) {
    EXPECT_EQ(limit_key("198.51.100.7"), "198.51.100.7");
    EXPECT_NE(limit_key("198.51.100.7"), limit_key("198.51.100.8"));
    EXPECT_EQ(limit_key("2001:db8:1:2::1"), limit_key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    EXPECT_NE(limit_key("2001:db8:1:2::1"), limit_key("2001:db8:1:3::1"));
}

}  // namespace
}  // namespace payments::http
