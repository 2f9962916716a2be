#include "http/server/negotiation.hpp"

#include <gtest/gtest.h>

namespace payments::http {
namespace {

Request with(const char* name, std::vector<std::string> values) {
    Request request;
    for (auto& value : values) request.headers.emplace_back(name, std::move(value));
    return request;
}

struct Wish {
    std::vector<std::string> accept_encoding;
    bool gzip;
};

TEST(Negotiation, gzip_is_chosen_when_it_is_liked_as_much_as_the_plain_form) {
    const Wish wishes[] = {
        {{}, false},
        {{""}, false},
        {{"gzip"}, true},
        {{"GZip"}, true},
        {{"x-gzip"}, true},
        {{"br, gzip, deflate"}, true},
        {{"br", "gzip"}, true},
        {{",, gzip ,"}, true},
        {{"deflate, br"}, false},
        {{"identity"}, false},
        {{"*"}, true},
        {{"*;q=0"}, false},
        {{"*;q=0, gzip"}, true},
        {{"gzip;q=0"}, false},
        {{"gzip;q=0.000"}, false},
        {{"gzip;q=0, *"}, false},
        {{"gzip;q=0.001"}, true},
        {{"gzip ; Q=1.000"}, true},
        {{"gzip;q=0.5, identity"}, false},
        {{"gzip;q=0.5, identity;q=0.5"}, true},
        {{"gzip;q=0.5, identity;q=0.4"}, true},
        {{"gzip;q=0.3, *;q=0.5"}, false},
        {{"identity;q=0, gzip;q=0.1"}, true},
        {{"gzip;q=1.001"}, false},
        {{"gzip;q=2"}, false},
        {{"gzip;q=0.0001"}, false},
        {{"gzip;q=-1"}, false},
        {{"gzip;q="}, false},
        {{"gzip;q"}, false},
        {{"gzip;level=9"}, false},
        {{"gzipped"}, false},
        {{"not gzip"}, false},
    };
    for (const auto& wish : wishes) {
        const auto request = with("accept-encoding", wish.accept_encoding);
        EXPECT_EQ(wants_gzip(request), wish.gzip) << header_list(request, "accept-encoding");
    }
}

struct Known {
    std::vector<std::string> if_none_match;
    bool current;  // the tag is W/"42,a"
};

TEST(Negotiation, a_tag_is_found_in_a_list_whatever_its_strength) {
    const Known list[] = {
        {{}, false},
        {{""}, false},
        {{"*"}, true},
        {{" * "}, true},
        {{R"(W/"42,a")"}, true},
        {{R"("42,a")"}, true},
        {{R"("41", "42,a")"}, true},
        {{R"("41",W/"42,a","43")"}, true},
        {{R"("41")", R"("42,a")"}, true},
        {{R"(,, "41" ,"42,a")"}, true},
        {{R"("41", W/"4")"}, false},
        {{R"("42")"}, false},
        {{R"("42,a)"}, false},
        {{R"(42,a)"}, false},
        {{R"(w/"42,a")"}, false},
        {{R"("41"; "42,a")"}, false},
        {{R"("41" x, "42,a")"}, false},
        {{R"("41", *)"}, false},
    };
    for (const auto& known : list) {
        const auto request = with("if-none-match", known.if_none_match);
        EXPECT_EQ(has_current(request, R"(W/"42,a")"), known.current)
            << header_list(request, "if-none-match");
    }
    EXPECT_TRUE(has_current(with("if-none-match", {R"(W/"a")"}), R"("a")"));
}

}  // namespace
}  // namespace payments::http
