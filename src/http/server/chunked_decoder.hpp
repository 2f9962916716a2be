#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/server/head_parser.hpp"
#include "payment/error.hpp"

namespace payments::http {

// Reads a chunked body (RFC 9112 section 7.1), pure and free of I/O. Chunk extensions are skipped
// within a bound, trailer fields are checked for their form and dropped: what comes after the body
// must not change what was decided by the headers. Its errors: malformed_request, body_too_large,
// headers_too_large (of trailers).
class ChunkedDecoder {
public:
    // Extensions of all chunks of a body together; nobody we know sends any.
    static constexpr std::size_t extension_bytes = 1024;

    // Forgets the last body. Trailers share the limits of headers.
    void start(std::size_t body_limit, HeadLimits limits);

    // Takes the next bytes and appends what they carry to `body`. Returns how many were taken: all
    // of them while the body is partial.
    std::size_t take(std::string_view input, std::string& body);

    Progress progress() const { return progress_; }
    const Error& error() const { return error_; }  // after refused

private:
    enum class Stage : std::uint8_t {
        size,
        extension,
        size_end,
        data,
        data_return,
        data_end,
        trailer,
        trailer_name,
        trailer_value,
        trailer_end,
        last_end,
    };

    void take_character(char c, const std::string& body);
    void take_size_character(char c);
    void take_trailer_character(char c);
    void finish_size(const std::string& body);
    void advance_if(bool holds, Stage next, const char* otherwise);
    void refuse(Errc code, const char* detail);

    std::size_t body_limit_ = 0;
    HeadLimits limits_{};
    Stage stage_ = Stage::size;
    Progress progress_ = Progress::partial;
    std::uint64_t chunk_left_ = 0;
    unsigned size_digits_ = 0;
    // Counted over the whole body, not over a chunk: else many small chunks would pass every limit.
    std::size_t extension_bytes_ = 0;
    std::size_t trailer_bytes_ = 0;
    std::size_t trailer_lines_ = 0;
    Error error_;
};

}  // namespace payments::http
