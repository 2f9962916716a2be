#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/task.hpp"
#include "gateway/origin.hpp"

// Outgoing HTTPS calls: one request, one answer, one deadline (docs/design.md, 6). The result tells
// what a payment service must know: whether anything of the request can have reached the other
// side.
namespace payments::gateway {

using Headers = std::vector<std::pair<std::string, std::string>>;

// A header whose value holds a control character is left out: it would be another line to the
// server.
struct HttpsRequest {
    std::string method;
    std::string path;  // appended to the origin's path; with its query
    Headers headers;
    std::string body;
    // Sending it twice does no harm: a safe method, or idempotent by a key.
    bool repeatable = false;
    // For those who count the calls; static text.
    std::string_view provider, operation;

    HttpsRequest(std::string m, std::string p, Headers h, std::string b)
        : method(std::move(m)), path(std::move(p)), headers(std::move(h)), body(std::move(b)) {}
};

struct HttpsResponse {
    // `unreachable` is also a host that cannot be found, a certificate that is not trusted, and a
    // call too many; `unanswered` also an answer that is malformed or larger than it may be.
    enum class Kind : std::uint8_t {
        answered,     // a complete, well-formed answer, whatever its status
        unreachable,  // nothing of the request was sent
        unanswered,   // something was sent; what became of it is unknown
    } kind = Kind::unreachable;
    int status = 0;
    Headers headers;  // names in lower case
    std::string body;
    std::string why;            // for people, when there is no answer; holds nothing of the request
    bool sent_before = false;   // on a connection that broke, too; what became of that is unknown
    bool is_too_large = false;  // `unanswered`: there is an answer, but more than we read

    // The first value of a header (name in lower case), "" without.
    std::string_view header(std::string_view name) const;
};

// Told to HttpsSettings::observer once a call has ended, on the loop's thread; it must not throw.
struct CallReport {
    std::string_view provider, operation;
    HttpsResponse::Kind outcome;
    int status;
    double seconds;
};

struct HttpsSettings {
    std::string trust_file;  // PEM certificates trusted besides the system's store
    std::string user_agent = "ozora-payments";
    // Kept open for each origin: as many as the largest commit lets call at once. Fewer would
    // be closed and made again for each such burst, which costs more than the calls; what nobody
    // needs any more is closed after `idle_time`.
    std::size_t idle_connections = 256;
    std::chrono::milliseconds idle_time{10'000};
    // In flight; further ones are `unreachable` at once, so that a slow provider cannot use up all
    // memory.
    std::size_t calls = 1'024;
    std::size_t answer_bytes = 1024 * 1024;
    std::function<void(const CallReport&)> observer;
};

// The calls of one event loop; to be used on that loop's thread. TLS 1.2 or newer, with the chain
// and the host name verified. Connections are kept alive and reused; one that the server closed
// meanwhile is noticed before it is used, and a request that fails on a reused connection goes out
// once more on a new one when it is repeatable or nothing of it was sent. Redirects are answers.
class HttpsClient {
public:
    HttpsClient(boost::asio::io_context& loop, HttpsSettings settings);
    ~HttpsClient();
    HttpsClient(const HttpsClient&) = delete;
    HttpsClient& operator=(const HttpsClient&) = delete;

    // The deadline covers everything: resolving, connecting, TLS, writing, reading. What goes wrong
    // on the way is in the answer; throws only std::runtime_error (OpenSSL) and std::bad_alloc.
    Task<HttpsResponse> send(
        Origin origin, HttpsRequest request, std::chrono::milliseconds deadline
    );

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace payments::gateway
