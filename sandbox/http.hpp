#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/task.hpp"

// The stand-ins' own HTTP: a server that can also misbehave on purpose, and a client for the calls
// that providers make. Plain HTTP on loopback. Not the service's own server, which refuses to
// misbehave.
namespace payments::sandbox {

using Headers = std::vector<std::pair<std::string, std::string>>;
const std::string* find_header(const Headers& headers, std::string_view lower_case_name);

struct Request {
    std::string method;
    std::string path;   // percent-decoded once
    std::string query;  // as sent, without '?'
    Headers headers;    // names in lower case
    std::string body;

    Request() = default;  // not an aggregate: it is passed to coroutines
    const std::string* header(std::string_view lower_case_name) const {
        return find_header(headers, lower_case_name);
    }
    // The first value of a query parameter, percent-decoded; "" when missing.
    std::string parameter(std::string_view name) const;
};

// How an answer reaches the caller.
enum class Manner : std::uint8_t {
    whole,      // as it should
    silent,     // never: the connection stays open until the caller gives up
    reset,      // the connection is cut (RST)
    truncated,  // half of the body, then the connection closes
};

struct Reply {
    int status = 200;
    std::string content_type;
    std::string body;
    Headers headers;
    Manner manner = Manner::whole;

    Reply() = default;
    Reply(int s, std::string type, std::string text)
        : status(s), content_type(std::move(type)), body(std::move(text)) {}
};

struct Handler {
    virtual ~Handler() = default;
    virtual Task<Reply> answer(Request request) = 0;
};

// Accepts on one address and hands every request to the handler, which must outlive the loop's run.
class Listener {
public:
    // Throws boost::system::system_error when the address cannot be bound. Port 0 picks a free one.
    Listener(boost::asio::io_context& loop, boost::asio::ip::tcp::endpoint at, Handler& handler);
    std::string url() const;  // http://127.0.0.1:8101
    void start();

private:
    boost::asio::ip::tcp::acceptor acceptor_;
    Handler& handler_;
};

struct Outgoing {
    std::string method;
    std::string url;  // http://host:port/path?query
    Headers headers;
    std::string body;
    std::chrono::milliseconds deadline{20'000};
    std::size_t answer_limit_bytes = 64 * 1024;

    Outgoing() = default;
    Outgoing(std::string m, std::string u, std::string b)
        : method(std::move(m)), url(std::move(u)), body(std::move(b)) {}
};

struct Fetched {
    enum class Kind : std::uint8_t { answered, timed_out, failed, too_big } kind = Kind::failed;
    int status = 0;
    Headers headers;  // names in lower case
    std::string body;

    const std::string* header(std::string_view lower_case_name) const {
        return find_header(headers, lower_case_name);
    }
};

// One request on a connection of its own; redirects are not followed. Never throws.
Task<Fetched> fetch(Outgoing request);

std::string percent_encode(std::string_view text);  // all but A-Z a-z 0-9 - . _ ~
std::string percent_decode(std::string_view text, bool plus_is_space = true);

}  // namespace payments::sandbox
