#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "flow/task.hpp"
#include "http/server/message.hpp"
#include "payment/error.hpp"

// HTTP/1.1 over TCP: accept, read within limits and deadlines, answer, drain on stop. Knows
// nothing of payments; the sandbox uses it too. TLS ends at the proxy in front.
namespace payments::http {

// Bounds of one connection and of the server; docs/design.md, 2.7. Without them one client could
// take all memory or all connections; the times bound what a slow or silent one may hold.
struct Limits {
    std::size_t request_line_bytes = 8 * 1024;  // else Errc::target_too_long
    std::size_t headers_bytes = 16 * 1024;      // else Errc::headers_too_large
    std::size_t header_lines = 100;             // likewise
    std::size_t body_bytes = 64 * 1024;         // else Errc::body_too_large
    // A body that may be larger than this is large: so many are received at a time by a loop, that
    // strangers cannot fill its memory; to others it says Errc::overloaded.
    std::size_t large_body_bytes = 1024 * 1024;
    std::size_t large_bodies = 2;
    std::chrono::milliseconds request_time{20'000};  // a request, from its first byte to its last
    std::chrono::milliseconds answer_time{30'000};   // taking an answer
    std::chrono::milliseconds idle_time{60'000};     // between requests
    std::size_t connections =
        10'000;  // per process; further ones hear 503 for all but vital requests
};

// An answer, or the work that makes it where somebody has to be waited for.
using Answer = std::variant<Response, Task<Response>>;

// Who answers the requests of one event loop. Called on its thread only; must outlive the server.
struct Application {
    virtual ~Application() = default;
    // The body limit in bytes of a route, asked when the headers are complete. 0 means
    // Limits::body_bytes.
    virtual std::size_t body_limit(std::string_view method, std::string_view path) const = 0;
    // Whether a request for this path is answered even to a connection beyond Limits::connections,
    // once and within the second: whoever looks after the process must not take a crowd for a dead
    // service.
    virtual bool is_vital(std::string_view) const { return false; }
    // `request` lives until it is answered, and the application may move from it. What it throws
    // becomes Errc::internal and is logged.
    virtual Answer answer(Request& request) = 0;
    // The answer to a request that was refused before the application saw it: malformed_request,
    // a limit, request_timeout, overloaded, internal.
    virtual Response refuse(const Error& error, const std::string& request_id) const = 0;
};

// One event loop's share of the server: its own acceptor (SO_REUSEPORT) and connections. All
// members are to be used on that loop's thread.
class Server {
public:
    // `open_connections` is shared by all loops of the process and counts against
    // Limits::connections. Throws boost::system::system_error when the address cannot be bound.
    Server(
        boost::asio::io_context& loop, boost::asio::ip::tcp::endpoint address, Limits limits,
        Application& application, std::shared_ptr<std::atomic<std::size_t>> open_connections
    );
    ~Server();

    // Begins to accept. Once.
    void start();
    // Where it listens: the port that was chosen when 0 was asked for.
    boost::asio::ip::tcp::endpoint address() const;
    // Stops accepting, lets running requests finish and answers them with Connection: close, ends
    // idle connections at once. Returns when all are gone or the deadline has passed: how many
    // requests were cut off then, being answered. One that had not fully arrived is not counted,
    // because nothing was begun for it.
    Task<std::size_t> drain(std::chrono::milliseconds deadline);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace payments::http
