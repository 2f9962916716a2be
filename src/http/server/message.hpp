#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A request and its answer, as the application sees them.
namespace payments::http {

struct Request {
    std::string method;  // as sent: "GET"
    std::string path;    // the target up to '?', percent-encoding left as sent
    std::string query;   // what follows '?', "" without
    std::vector<std::pair<std::string, std::string>>
        headers;  // names in lower case, values trimmed
    std::string body;
    std::string peer;  // the peer's address, without port
    std::string id;    // X-Request-Id when it matched [A-Za-z0-9._-]{1,128}, else one we made
    // Whether the sender has closed the connection, or its half of it: has_gone() of peer.hpp.
    // While its answer is made; empty where nobody can tell.
    std::function<bool()> has_gone{};

    // The first value of a header (name in lower case), or nothing.
    const std::string* header(std::string_view name) const;
};

// The first value of a header (name in lower case), "" without one.
std::string header_or_empty(const Request& request, std::string_view name);
// All values of a header that is a list: the lines it came in, joined by commas.
// As RFC 9110, 5.3 allows for fields that are defined as lists, and for no others.
std::string header_list(const Request& request, std::string_view name);

struct BodySource;  // http/body_source.hpp

struct Response {
    int status = 200;
    std::string content_type;  // "" when there is no body
    std::string body;
    // Content-Length, Transfer-Encoding, Date and X-Request-Id are the server's and left out if
    // named here; Connection counts only when it says close. A name or value that would break the
    // message (CR, LF, NUL) turns the answer into Errc::internal.
    std::vector<std::pair<std::string, std::string>> headers;
    // Large bundled files are sent from where they lie in the binary; used instead of `body` when
    // not empty, and must outlive the server.
    std::string_view static_body;
    // Makes the body while it is sent; used instead of the others when set. Its length is not
    // known, so it is sent in chunks, and to HTTP/1.0 until the end of the connection.
    std::shared_ptr<BodySource> source;

    Response() = default;
    Response(int s, std::string type, std::string text)
        : status(s), content_type(std::move(type)), body(std::move(text)) {}

    std::string_view payload() const { return static_body.empty() ? body : static_body; }
};

// What the server adds to an answer of the application.
struct AnswerContext {
    std::string_view request_id;
    std::string_view date;  // IMF-fixdate
    bool close;             // this is the connection's last answer
    bool knows_chunks;      // the client does: HTTP/1.1
};

// Appends the status line and header fields, blank line included. Throws std::invalid_argument
// when a header of the application could not be sent as one.
void append_head(std::string& out, const Response& response, const AnswerContext& context);

// 204, 304 and 1xx never have a body (RFC 9110 section 6.4.1).
bool may_have_body(int status);

// Whether the application asked for the connection to end after this answer.
bool asks_to_close(const Response& response);

}  // namespace payments::http
