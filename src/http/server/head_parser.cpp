#include "http/server/head_parser.hpp"

#include <charconv>
#include <limits>

#include "http/server/grammar.hpp"

namespace payments::http {
namespace {

// The fields that frame a message are taken in their plain spelling alone: white space that some
// reader might not trim is how two readers come to disagree.
std::string_view after_one_space(std::string_view raw) {
    if (raw.starts_with(' ')) raw.remove_prefix(1);
    return raw;
}

}  // namespace

void HeadParser::start() {
    searched_ = line_start_ = headers_start_ = header_lines_ = 0;
    stage_ = Stage::start;
    is_http_1_0_ = false;
    host_.clear();
    authority_.clear();
    framing_ = {};
}

Progress HeadParser::take(std::string_view received, Request& request) {
    while (stage_ != Stage::done) {
        const auto line_feed = received.find('\n', searched_);
        if (line_feed == received.npos) return take_partial_line(received);
        const auto line = received.substr(line_start_, line_feed - line_start_);
        line_start_ = searched_ = line_feed + 1;
        if (!take_line(line, request)) return Progress::refused;
    }
    return Progress::complete;
}

// A line that is still arriving is refused as soon as it cannot become a good one, so that nobody
// waits for the rest of a TLS handshake.
Progress HeadParser::take_partial_line(std::string_view received) {
    for (auto at = searched_; at < received.size(); ++at) {
        const auto c = static_cast<unsigned char>(received[at]);
        // A CR alone inside a line is refused: some readers take it for the end of the line.
        const bool may_end_line = c == '\r' && at + 1 == received.size();
        if (value_characters[c] || may_end_line) continue;
        refuse(Errc::malformed_request, "a control character in the message head");
        return Progress::refused;
    }
    searched_ = received.ends_with('\r') ? received.size() - 1 : received.size();
    if (stage_ == Stage::headers) {
        if (searched_ - headers_start_ <= limits_.headers_bytes) return Progress::partial;
        refuse(Errc::headers_too_large, "the header fields are too long");
    } else {
        if (searched_ - line_start_ <= limits_.request_line_bytes) return Progress::partial;
        refuse(Errc::target_too_long, "the request line is too long");
    }
    return Progress::refused;
}

bool HeadParser::take_line(std::string_view line, Request& request) {
    if (!line.ends_with('\r'))
        return refuse(Errc::malformed_request, "a line of the message head ends without CR LF");
    line.remove_suffix(1);
    if (stage_ == Stage::start && line.empty()) {  // RFC 9112 section 2.2 asks to skip one
        stage_ = Stage::request_line;
        return true;
    }
    if (stage_ != Stage::headers) {
        stage_ = Stage::headers;
        headers_start_ = line_start_;
        return take_request_line(line, request);
    }
    // The empty line that ends the head does not count.
    if (line_start_ - headers_start_ > limits_.headers_bytes + (line.empty() ? 2 : 0))
        return refuse(Errc::headers_too_large, "the header fields are too long");
    if (line.empty()) return finish();
    if (++header_lines_ > limits_.header_lines)
        return refuse(Errc::headers_too_large, "there are too many header fields");
    return take_field(line, request);
}

bool HeadParser::take_request_line(std::string_view line, Request& request) {
    if (line.size() > limits_.request_line_bytes)
        return refuse(Errc::target_too_long, "the request line is too long");
    const auto method_end = line.find(' ');
    const auto target_end = line.find(' ', method_end + 1);
    if (method_end == line.npos || target_end == line.npos)
        return refuse(Errc::malformed_request, "the request line is not method, target, version");
    const auto method = line.substr(0, method_end);
    const auto target = line.substr(method_end + 1, target_end - method_end - 1);
    const auto version = line.substr(target_end + 1);

    if (!is_token(method)) return refuse(Errc::malformed_request, "the method is not a token");
    is_http_1_0_ = version == "HTTP/1.0";
    if (!is_http_1_0_ && version != "HTTP/1.1")
        return refuse(Errc::malformed_request, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    // HTTP/1.0 keeps a connection only on request, by a header that proxies pass on unread.
    framing_.close = is_http_1_0_;
    request.method = method;
    return take_target(target, request);
}

bool HeadParser::take_target(std::string_view target, Request& request) {
    if (!all_in(target_characters, target))
        return refuse(Errc::malformed_request, "a character that no request target may have");
    if (!target.starts_with('/')) {
        // Asked of the server as a whole (RFC 9112, 3.2.4).
        const bool is_asterisk = target == "*" && request.method == "OPTIONS";
        if (!is_asterisk) return take_absolute_target(target, request);
    }
    const auto question_mark = target.find('?');
    request.path = target.substr(0, question_mark);
    if (question_mark != target.npos) request.query = target.substr(question_mark + 1);
    return true;
}

// RFC 9112 section 3.2.2 obliges servers to take "http://host/path"; we do when it names the same
// host as the Host field (finish), so that nobody in front can have routed it by the other one.
bool HeadParser::take_absolute_target(std::string_view target, Request& request) {
    const auto scheme_end = target.find("://");
    const auto scheme = target.substr(0, scheme_end);
    if (scheme_end == target.npos ||
        !(equal_ignoring_case(scheme, "http") || equal_ignoring_case(scheme, "https")))
        return refuse(Errc::malformed_request, "the request target is not a path");
    target.remove_prefix(scheme_end + 3);
    const auto authority_end = std::min(target.find_first_of("/?"), target.size());
    authority_ = target.substr(0, authority_end);
    if (authority_.empty() || !all_in(host_characters, authority_))
        return refuse(Errc::malformed_request, "the request target names no host");
    target.remove_prefix(authority_end);
    if (target.starts_with('/')) return take_target(target, request);
    request.path = "/";
    if (!target.empty()) request.query = target.substr(1);
    return true;
}

bool HeadParser::take_field(std::string_view line, Request& request) {
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    // Readers disagree on what a folded line belongs to (RFC 9112, 5.2).
    if (line.front() == ' ' || line.front() == '\t')
        return refuse(Errc::malformed_request, "a header field is folded over several lines");
    if (colon == line.npos || !is_token(name))
        return refuse(Errc::malformed_request, "the name of a header field is not a token");
    const auto raw = line.substr(colon + 1);
    if (!all_in(value_characters, raw))
        return refuse(Errc::malformed_request, "a control character in a header field");

    if (request.headers.empty()) request.headers.reserve(8);
    const auto& [known, value] =
        request.headers.emplace_back(text::lower(name), text::trim(raw, text::ows));
    return take_known_field(known, raw, request);
}

bool HeadParser::take_known_field(const std::string& name, std::string_view raw, Request& request) {
    const auto value = text::trim(raw, text::ows);
    switch (name.size()) {
        case 4:
            if (name == "host") return take_host(value);
            break;
        case 6:
            if (name == "expect" && equal_ignoring_case(value, "100-continue"))
                framing_.expects_continue = !is_http_1_0_;
            break;
        case 10:
            if (name == "connection" && list_contains(value, "close")) framing_.close = true;
            break;
        case 12:
            if (name == "x-request-id" && request.id.empty() && !value.empty() &&
                value.size() <= 128 && all_in(id_characters, value))
                request.id = value;
            break;
        case 14:
            if (name == "content-length") return take_content_length(raw);
            break;
        case 17:
            if (name != "transfer-encoding") break;
            if (framing_.chunked || !equal_ignoring_case(after_one_space(raw), "chunked"))
                return refuse(Errc::malformed_request, "the only transfer coding is chunked, once");
            framing_.chunked = true;
            break;
        default:
            break;
    }
    return true;
}

bool HeadParser::take_host(std::string_view value) {
    // Of two hosts the proxy in front may have routed by the other one.
    if (!host_.empty()) return refuse(Errc::malformed_request, "several Host header fields");
    if (value.empty() || !all_in(host_characters, value))
        return refuse(Errc::malformed_request, "the Host header field names no host");
    host_ = value;
    return true;
}

bool HeadParser::take_content_length(std::string_view raw) {
    // Two equal ones as well: whoever sends two has been tampered with or is mistaken.
    if (framing_.content_length)
        return refuse(Errc::malformed_request, "several Content-Length header fields");
    const auto digits = after_one_space(raw);
    std::uint64_t length = 0;
    const auto end = digits.data() + digits.size();
    const auto [stopped, failure] = std::from_chars(digits.data(), end, length);
    if (failure == std::errc::invalid_argument || stopped != end)
        return refuse(Errc::malformed_request, "the Content-Length is not a number");
    // A number too long to hold is simply too large a body.
    if (failure != std::errc{}) length = std::numeric_limits<std::uint64_t>::max();
    framing_.content_length = length;
    return true;
}

bool HeadParser::finish() {
    if (host_.empty() && !is_http_1_0_)
        return refuse(Errc::malformed_request, "the Host header field is missing");
    if (!authority_.empty() && !equal_ignoring_case(authority_, host_))
        return refuse(Errc::malformed_request, "target and Host header field name two hosts");
    // RFC 9112, 6.3 lets a server go on with the chunks; a proxy that believes the length would see
    // another end of this request.
    if (framing_.chunked && framing_.content_length)
        return refuse(Errc::malformed_request, "both Content-Length and Transfer-Encoding");
    if (framing_.chunked && is_http_1_0_)
        return refuse(Errc::malformed_request, "HTTP/1.0 has no Transfer-Encoding");
    stage_ = Stage::done;
    return true;
}

bool HeadParser::refuse(Errc code, const char* detail) {
    error_ = Error(code, detail);
    return false;
}

}  // namespace payments::http
