#include <cstdint>
#include <cstdlib>

#include "http/chunked_decoder.hpp"
#include "http/head_parser.hpp"

using namespace payments::http;

namespace {

constexpr HeadLimits limits{256, 1024, 16};
constexpr std::size_t body_limit = 512;

struct Outcome {
    Progress progress = Progress::partial;
    Request request;
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
    if (!parser.framing().chunked) return outcome;

    ChunkedDecoder chunks;
    chunks.start(body_limit, limits);
    while (outcome.size < bytes.size() && chunks.progress() == Progress::partial)
        outcome.size += chunks.take(bytes.substr(outcome.size, step), outcome.request.body);
    outcome.progress = chunks.progress();
    return outcome;
}

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = read(bytes, std::max<std::size_t>(size, 1));
    const auto pieces = read(bytes, 1);

    // How a message arrives changes nothing of what it means.
    require(whole.progress == pieces.progress);
    if (whole.progress != Progress::complete) return 0;
    require(whole.size == pieces.size && whole.size <= size);
    require(whole.request.headers == pieces.request.headers);
    require(whole.request.body == pieces.request.body);
    require(whole.request.body.size() <= body_limit);
    require(whole.request.headers.size() <= limits.header_lines);
    require(whole.request.path.starts_with('/') || whole.request.path == "*");
    for (const auto& [name, value] : whole.request.headers) {
        require(!name.empty() && name.find_first_of(" \t:\r\n") == name.npos);
        require(value.find_first_of(std::string_view("\0\r\n", 3)) == value.npos);
    }
    return 0;
}
