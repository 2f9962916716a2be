#include <algorithm>
#include <cstdio>

#include "fuzz.hpp"
#include "http/server/chunked_decoder.hpp"
#include "http/server/head_parser.hpp"

using namespace payments::http;
using payments::fuzz::require;

namespace {

constexpr HeadLimits limits{256, 1024, 16};
constexpr std::size_t body_limit = 512;

struct Outcome {
    Progress progress = Progress::partial;
    Request request;
    Framing framing;
    std::size_t size = 0;
};

// As a connection does: the same bytes again, and more of them.
Outcome read(std::string_view bytes, std::size_t step) {
    HeadParser parser(limits);
    parser.start();
    Outcome outcome;
    std::size_t end = 0;
    while (end < bytes.size() && outcome.progress == Progress::partial) {
        end = std::min(end + step, bytes.size());
        outcome.progress = parser.take(std::string(bytes, 0, end), outcome.request);
    }
    if (outcome.progress != Progress::complete) return outcome;
    outcome.size = parser.size();
    outcome.framing = parser.framing();
    if (!parser.framing().chunked) return outcome;

    ChunkedDecoder chunks;
    chunks.start(body_limit, limits);
    while (outcome.size < bytes.size() && chunks.progress() == Progress::partial)
        outcome.size += chunks.take(bytes.substr(outcome.size, step), outcome.request.body);
    outcome.progress = chunks.progress();
    return outcome;
}

void require_same(const Request& one, const Request& other) {
    require(one.method == other.method && one.path == other.path && one.query == other.query);
    require(one.headers == other.headers && one.body == other.body && one.id == other.id);
}

void judge_fields(const Request& request) {
    require(request.headers.size() <= limits.header_lines);
    require(request.body.size() <= body_limit);
    require(request.path.starts_with('/') || request.path == "*");
    require(request.path.find_first_of(" ?#") == std::string::npos);
    int hosts = 0, lengths = 0, codings = 0;
    for (const auto& [name, value] : request.headers) {
        require(!name.empty() && name.find_first_of(" \t:\r\n") == name.npos);
        require(value.find_first_of(std::string_view("\0\r\n", 3)) == value.npos);
        hosts += name == "host";
        lengths += name == "content-length";
        codings += name == "transfer-encoding";
    }
    // Two readers can never disagree on whom it is for, or on where it ends.
    require(hosts <= 1 && lengths + codings <= 1);
}

// Written again in the plainest way, it is the same request.
void judge_rewritten(const Request& request, const Framing& framing) {
    std::string text = request.method + ' ' + request.path;
    if (!request.query.empty()) text += '?' + request.query;
    text += " HTTP/1.1\r\n";
    bool has_host = false;
    for (const auto& [name, value] : request.headers) {
        text += name + ": " + value + "\r\n";
        has_host = has_host || name == "host";
    }
    if (!has_host) text += "host: a\r\n";
    text += "\r\n";
    constexpr HeadLimits generous{4096, 8192, 32};
    HeadParser parser(generous);
    parser.start();
    Request again;
    require(parser.take(text, again) == Progress::complete && parser.size() == text.size());
    if (!has_host) again.headers.pop_back();
    again.body = request.body;
    require_same(request, again);
    require(parser.framing().content_length == framing.content_length);
    require(parser.framing().chunked == framing.chunked);
}

// A body cut into chunks by us is put together as it was.
void judge_chunks(std::string_view body) {
    std::string text;
    const auto half = body.size() / 2;
    for (const auto part : {body.substr(0, half), body.substr(half)}) {
        if (part.empty()) continue;
        char size[20];
        std::snprintf(size, sizeof size, "%zx\r\n", part.size());
        text += size + std::string{part} + "\r\n";
    }
    text += "0\r\n\r\n";
    ChunkedDecoder chunks;
    chunks.start(body.size(), limits);
    std::string read;
    require(chunks.take(text + "GET", read) == text.size());
    require(chunks.progress() == Progress::complete && read == body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = payments::fuzz::text_of(data, size);
    judge_chunks(bytes);
    const auto whole = read(bytes, std::max<std::size_t>(size, 1));
    const auto pieces = read(bytes, 1);

    // How a message arrives changes nothing of what it means.
    require(whole.progress == pieces.progress);
    if (whole.progress != Progress::complete) return 0;
    require(whole.size == pieces.size && whole.size <= size);
    require_same(whole.request, pieces.request);
    judge_fields(whole.request);
    judge_rewritten(whole.request, whole.framing);

    // Nor does what comes after it.
    const auto followed = std::string{bytes.substr(0, whole.size)} + "GET / HTTP/1.1\r\n";
    const auto first = read(followed, followed.size());
    require(first.progress == Progress::complete && first.size == whole.size);
    require_same(whole.request, first.request);
    return 0;
}
