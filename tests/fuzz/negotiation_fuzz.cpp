#include "fuzz.hpp"
#include "http/server/negotiation.hpp"

// Any text as Accept-Encoding and as If-None-Match.
namespace {

using namespace payments;
using fuzz::require;

constexpr std::string_view tag = R"(W/"42-1772443269000")";
constexpr std::string_view opaque = tag.substr(2);

http::Request with(const char* name, std::string value) {
    http::Request request;
    request.headers.emplace_back(name, std::move(value));
    return request;
}

// A list may come in several lines, cut at any of its commas.
void judge_encoding(const std::string& text) {
    const bool wanted = http::wants_gzip(with("accept-encoding", text));
    for (auto comma = text.find(','); comma != text.npos; comma = text.find(',', comma + 1)) {
        auto request = with("accept-encoding", text.substr(0, comma));
        request.headers.emplace_back("accept-encoding", text.substr(comma + 1));
        require(http::wants_gzip(request) == wanted);
    }
    require(!http::wants_gzip(with("accept-encoding", text + ",gzip;q=0")));
    require(http::wants_gzip(with("accept-encoding", text + ",gzip,identity;q=0")));
}

// Nobody is told "not modified" of what he has not named.
void judge_tags(const std::string& text) {
    const bool current = http::has_current(with("if-none-match", text), tag);
    const bool names_all = text.find('*') != text.npos;
    if (current) require(names_all || text.find(opaque) != text.npos);
    require(http::has_current(with("if-none-match", std::string{opaque} + "," + text), tag));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{fuzz::text_of(data, size)};
    judge_encoding(text);
    judge_tags(text);
    return 0;
}
