#include "support/url.hpp"

#include <gtest/gtest.h>

namespace payments {

TEST(Url, its_parts_are_told_apart) {
    const struct {
        std::string_view text, host, port, effective_port, origin, target;
    } table[] = {
        // clang-format off
        {"https://a.example",            "a.example", "",     "443",  "https://a.example",      ""},
        {"https://A.Example:8443/X/",    "a.example", "8443", "8443", "https://a.example:8443", "/X/"},
        {"http://localhost?q=/",         "localhost", "",     "80",   "http://localhost",       "?q=/"},
        {"http://127.0.0.1:9/x#y",       "127.0.0.1", "9",    "9",    "http://127.0.0.1:9",     "/x#y"},
        {"http://[::1]:81/",             "::1",       "81",   "81",   "http://[::1]:81",        "/"},
        // clang-format on
    };
    for (const auto& row : table) {
        const auto url = Url::parse(row.text);
        ASSERT_TRUE(url) << row.text;
        EXPECT_EQ(url->tls, row.text.starts_with("https"));
        EXPECT_EQ(url->host, row.host);
        EXPECT_EQ(url->port, row.port);
        EXPECT_EQ(url->effective_port(), row.effective_port);
        EXPECT_EQ(url->origin, row.origin);
        EXPECT_EQ(url->target, row.target);
    }
}

TEST(Url, what_is_wrong_is_said) {
    const struct {
        std::string_view text, must_be;
    } table[] = {
        // clang-format off
        {"",                      "an https:// URL"},
        {"ftp://a.example",       "an https:// URL"},
        {"https://a b",           "an https:// URL"},
        {"https://u:p@a.example", "a URL without user or password"},
        {"https://[::1",          "a URL whose host can be read: the bracket is not closed"},
        {"https://[::1]x",        "a URL whose host can be read: no port after the bracket"},
        {"https://",              "a URL with a host name or an IP address"},
        {"https://:1",            "a URL with a host name or an IP address"},
        {"https://a_b",           "a URL with a host name or an IP address"},
        {"https://a..b",          "a URL with a host name or an IP address"},
        {"https://a.example:",    "a URL with a port from 1 to 65535, or none"},
        {"https://a.example:0",   "a URL with a port from 1 to 65535, or none"},
        {"https://a.example:+1",  "a URL with a port from 1 to 65535, or none"},
        {"https://a.example:65536", "a URL with a port from 1 to 65535, or none"},
        {"http://a.example",      "an https:// URL: plain http:// is for loopback addresses only"},
        {"http://10.0.0.1",       "an https:// URL: plain http:// is for loopback addresses only"},
        {"http://127.0.0.1.a",    "an https:// URL: plain http:// is for loopback addresses only"},
        // clang-format on
    };
    for (const auto& row : table) {
        const auto url = Url::parse(row.text);
        ASSERT_FALSE(url) << row.text;
        EXPECT_EQ(url.error().detail, row.must_be);
    }
}

}  // namespace payments
