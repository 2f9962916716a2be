#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/message.hpp"
#include "payment/error.hpp"

// Reads the head of an HTTP/1.x request (RFC 9112), pure and free of I/O. It is stricter than the
// RFC wherever two readers of one message could disagree on where it ends: that is how a request is
// smuggled past a proxy (docs/design.md, 2.8).
namespace payments::http {

// From Limits (docs/design.md, 2.7).
struct HeadLimits {
    std::size_t request_line_bytes;  // without CR LF; else Errc::target_too_long
    std::size_t headers_bytes;       // with each line's CR LF; else Errc::headers_too_large
    std::size_t header_lines;        // likewise
};

// How the message goes on after its head (RFC 9112, 6).
struct Framing {
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool expects_continue = false;
    bool close = false;  // HTTP/1.0, or Connection: close

    bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

// partial: more bytes are needed. refused: error() says why, and nothing more can be read.
enum class Progress : std::uint8_t { partial, complete, refused };

// One for each connection, used for one message after the other. Its errors: malformed_request,
// target_too_long, headers_too_large.
class HeadParser {
public:
    explicit HeadParser(HeadLimits limits) : limits_(limits) {}

    // Forgets the last message.
    void start();

    // Takes what has arrived of the message so far: the same bytes each time, and more of them.
    // Each line is read once, when it is complete. Fills in all of `request` but body and peer;
    // `id` stays empty without a usable X-Request-Id.
    Progress take(std::string_view received, Request& request);

    std::size_t size() const { return line_start_; }     // after complete: bytes of the head
    const Framing& framing() const { return framing_; }  // after complete
    bool is_http_1_0() const { return is_http_1_0_; }    // after complete; else HTTP/1.1
    const Error& error() const { return error_; }        // after refused

private:
    Progress take_partial_line(std::string_view received);
    bool take_line(std::string_view line, Request& request);
    bool take_request_line(std::string_view line, Request& request);
    bool take_target(std::string_view target, Request& request);
    bool take_absolute_target(std::string_view target, Request& request);
    bool take_field(std::string_view line, Request& request);
    bool take_known_field(const std::string& name, std::string_view raw, Request& request);
    bool take_host(std::string_view value);
    bool take_content_length(std::string_view raw);
    bool finish();
    bool refuse(Errc code, const char* detail);

    HeadLimits limits_;
    std::size_t searched_ = 0;  // no LF before here
    std::size_t line_start_ = 0;
    std::size_t headers_start_ = 0;
    std::size_t header_lines_ = 0;
    enum class Stage : std::uint8_t { start, request_line, headers, done } stage_ = Stage::start;
    bool is_http_1_0_ = false;
    std::string host_;
    std::string authority_;  // of an absolute-form target
    Framing framing_;
    Error error_;
};

}  // namespace payments::http
