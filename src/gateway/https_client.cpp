#include "gateway/https_client.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <deque>
#include <map>
#include <optional>

#include "gateway/call_span.hpp"
#include "gateway/tls.hpp"
#include "support/text.hpp"

namespace payments::gateway {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;
using Parser = http::response_parser<http::string_body>;

constexpr std::uint32_t header_bytes_max = 32 * 1024;
constexpr std::size_t read_bytes = 8 * 1024;

bool is_address(const std::string& host) {
    error_code ignored;
    asio::ip::make_address(host, ignored);
    return !ignored;
}

std::uint16_t port_number(std::string_view port) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    const bool valid = error == std::errc{} && end == port.data() + port.size() && number <= 65535;
    return valid ? static_cast<std::uint16_t>(number) : 0;
}

// A connection, plain or TLS. Aborting it (by the deadline) ends whatever waits on it.
struct PooledConnection {
    explicit PooledConnection(asio::io_context& loop) : socket(loop) {}

    tcp::socket& lowest() { return tls ? tls->next_layer() : socket; }

    void abort() {
        error_code ignored;
        lowest().close(ignored);
    }

    // While idle nothing may arrive: pending bytes are TLS's or HTTP's end of the connection, and a
    // request sent now would go unanswered.
    bool is_quiet() {
        char byte = 0;
        const auto got = ::recv(lowest().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return lowest().is_open() && got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    Task<std::size_t> read_some(asio::mutable_buffer into, error_code& error) {
        if (tls)
            co_return co_await tls->async_read_some(
                into, asio::redirect_error(asio::use_awaitable, error)
            );
        co_return co_await socket.async_read_some(
            into, asio::redirect_error(asio::use_awaitable, error)
        );
    }
    // All of it, or less with an error.
    Task<std::size_t> write(asio::const_buffer from, error_code& error) {
        if (tls)
            co_return co_await asio::async_write(
                *tls, from, asio::redirect_error(asio::use_awaitable, error)
            );
        co_return co_await asio::async_write(
            socket, from, asio::redirect_error(asio::use_awaitable, error)
        );
    }

    tcp::socket socket;
    std::optional<ssl::stream<tcp::socket>> tls;
    Steady::time_point idle_since;
};
using PooledConnectionPtr = std::shared_ptr<PooledConnection>;

// What one try came to.
struct Try {
    HttpsResponse answer;
    bool sent = false;      // bytes of the request may have left
    bool reusable = false;  // the connection can carry the next request
};

// One deadline over a whole call: when it passes, the connection of the moment is closed.
struct Deadline {
    Deadline(asio::io_context& loop, Steady::time_point end) : timer(loop, end), until(end) {}

    static void arm(const std::shared_ptr<Deadline>& deadline) {
        // Weak: a call that is destroyed with its loop must not live on in its timer.
        deadline->timer.async_wait([weak = std::weak_ptr{deadline}](error_code error) {
            const auto self = weak.lock();
            if (error || !self) return;
            self->passed = true;
            if (self->connection) self->connection->abort();
        });
    }

    asio::steady_timer timer;
    Steady::time_point until;
    PooledConnectionPtr connection;
    bool passed = false;
};
using DeadlinePtr = std::shared_ptr<Deadline>;

// No line break may come into our headers with a value that someone else made.
bool is_field_value(std::string_view value) {
    return std::ranges::all_of(value, [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

HttpsResponse no_answer(HttpsResponse::Kind kind, std::string why) {
    HttpsResponse answer;
    answer.kind = kind;
    answer.why = std::move(why);
    return answer;
}

std::string reason(const Deadline& deadline, const char* step, const error_code& error) {
    return std::string{step} + ": " + (deadline.passed ? "timed out" : error.message());
}

// The name is looked up on a thread of Asio's, which cannot be interrupted; so the call waits for
// it no longer than its deadline, and the late result is dropped.
struct Lookup {
    explicit Lookup(asio::io_context& loop) : resolver(loop), done(loop) {}
    tcp::resolver resolver;
    asio::steady_timer done;
    std::optional<error_code> error;
    tcp::resolver::results_type found;
};

Task<error_code> resolve(std::shared_ptr<Lookup> lookup, Origin origin, Steady::time_point until) {
    error_code not_an_address;
    const auto address = asio::ip::make_address(origin.host, not_an_address);
    if (!not_an_address) {
        const tcp::endpoint endpoint{address, port_number(origin.port)};
        lookup->found = tcp::resolver::results_type::create(endpoint, origin.host, origin.port);
        co_return error_code{};
    }
    lookup->done.expires_at(until);
    lookup->resolver.async_resolve(
        origin.host, origin.port,
        [lookup](error_code error, tcp::resolver::results_type found) {
            lookup->error = error;
            lookup->found = std::move(found);
            lookup->done.cancel();
        }
    );
    error_code ignored;
    co_await lookup->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_return lookup->error.value_or(asio::error::timed_out);
}

// The name the certificate must carry, and the name the server is told (SNI).
void expect_host(ssl::stream<tcp::socket>& stream, const std::string& host) {
    auto* handle = stream.native_handle();
    auto* param = SSL_get0_param(handle);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const bool set = is_address(host)
                         ? X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1
                         : X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size()) == 1 &&
                               SSL_set_tlsext_host_name(handle, host.c_str()) == 1;
    if (!set) throw std::runtime_error{"OpenSSL did not take the host name " + host};
}

// The request as it travels. Host and Content-Length are ours.
std::string to_wire(
    const Origin& origin, const HttpsRequest& request, const std::string& user_agent
) {
    auto text = request.method + " " + origin.path + request.path + " HTTP/1.1\r\n";
    const auto add = [&text](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\r\n");
    };
    add("Host", origin.authority());
    add("User-Agent", user_agent);
    for (const auto& [name, value] : request.headers)
        if (is_field_value(value)) add(name, value);
    if (request.method != "GET") add("Content-Length", std::to_string(request.body.size()));
    return text.append("\r\n").append(request.body);
}

// Reads until the parser has a whole answer; the parser says what is wrong with one. Beast's
// composed read would be made anew for plain and for TLS streams, which takes a minute to compile.
Task<error_code> read_answer(
    PooledConnection& connection, boost::beast::flat_buffer& buffer, Parser& parser
) {
    error_code error;
    parser.eager(true);
    while (true) {
        const auto received = co_await connection.read_some(buffer.prepare(read_bytes), error);
        if (error == asio::error::eof) {
            if (!parser.got_some()) co_return http::error::end_of_stream;
            error = {};
            parser.put_eof(error);
            co_return error;
        }
        if (error) co_return error;
        buffer.commit(received);
        buffer.consume(parser.put(buffer.data(), error));
        if (error && error != http::error::need_more) co_return error;
        if (parser.is_done()) co_return error_code{};
    }
}

Task<Try> exchange(
    PooledConnection& connection, DeadlinePtr deadline, const std::string& request,
    std::size_t limit
) {
    Try result;
    error_code error;
    result.sent = co_await connection.write(asio::buffer(request), error) > 0;
    if (error) {
        using enum HttpsResponse::Kind;
        result.answer =
            no_answer(result.sent ? unanswered : unreachable, reason(*deadline, "sending", error));
        co_return result;
    }

    Parser parser;
    parser.body_limit(limit);
    parser.header_limit(header_bytes_max);
    boost::beast::flat_buffer buffer;
    error = co_await read_answer(connection, buffer, parser);
    if (error) {
        result.answer =
            no_answer(HttpsResponse::Kind::unanswered, reason(*deadline, "reading", error));
        result.answer.is_too_large = error == http::error::body_limit;
        co_return result;
    }
    auto& message = parser.get();
    // Bytes behind the answer were not asked for: the next request would take them for its own.
    result.reusable = parser.keep_alive() && buffer.size() == 0;
    result.answer.kind = HttpsResponse::Kind::answered;
    result.answer.status = static_cast<int>(message.result_int());
    for (const auto& field : message)
        result.answer.headers.emplace_back(
            text::lower(field.name_string()), std::string{field.value()}
        );
    result.answer.body = std::move(message.body());
    co_return result;
}

// A new connection, or null with what failed in `why`.
Task<PooledConnectionPtr> connect(
    asio::io_context& loop, ssl::context& tls, Origin origin, DeadlinePtr deadline, std::string& why
) {
    auto lookup = std::make_shared<Lookup>(loop);
    auto error = co_await resolve(lookup, origin, deadline->until);
    if (error) {
        why = reason(*deadline, "looking up the host", error);
        co_return nullptr;
    }

    auto connection = std::make_shared<PooledConnection>(loop);
    deadline->connection = connection;
    // It may have passed during the look-up, when there was no connection to close.
    if (deadline->passed) error = asio::error::timed_out;
    if (!error)
        co_await asio::async_connect(
            connection->socket, lookup->found, asio::redirect_error(asio::use_awaitable, error)
        );
    if (error || deadline->passed) {
        why = reason(*deadline, "connecting", error);
        co_return nullptr;
    }
    connection->socket.set_option(tcp::no_delay(true), error);
    if (!origin.tls) co_return connection;

    connection->tls.emplace(std::move(connection->socket), tls);
    expect_host(*connection->tls, origin.host);
    co_await connection->tls->async_handshake(
        ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error)
    );
    if (error || deadline->passed) {
        why = reason(*deadline, "TLS", error);
        co_return nullptr;
    }
    co_return connection;
}

// Ends the deadline's timer and the count of calls however the call ends.
struct ActiveCall {
    ActiveCall(std::size_t& c, DeadlinePtr d) : calls(c), deadline(std::move(d)) { ++calls; }
    ~ActiveCall() {
        --calls;
        deadline->timer.cancel();
    }
    ActiveCall(const ActiveCall&) = delete;
    ActiveCall& operator=(const ActiveCall&) = delete;
    std::size_t& calls;
    DeadlinePtr deadline;
};

}  // namespace

std::string_view HttpsResponse::header(std::string_view name) const {
    const auto found =
        std::ranges::find_if(headers, [&](const auto& h) { return h.first == name; });
    return found == headers.end() ? std::string_view{} : found->second;
}

struct HttpsClient::Impl : std::enable_shared_from_this<HttpsClient::Impl> {
    Impl(asio::io_context& l, HttpsSettings s)
        : loop(l), settings(std::move(s)), tls(tls_trusting(settings.trust_file)), sweeper(l) {}

    asio::io_context& loop;
    HttpsSettings settings;
    std::shared_ptr<ssl::context> tls;
    std::map<std::string, std::deque<PooledConnectionPtr>> idle;  // by Origin::key, the newest last
    asio::steady_timer sweeper;
    bool sweeping = false;
    std::size_t calls = 0;

    PooledConnectionPtr take_idle(const Origin& origin) {
        auto& pool = idle[origin.key()];
        // The newest first, so that those nobody needs grow old and are swept.
        while (!pool.empty()) {
            auto connection = std::move(pool.back());
            pool.pop_back();
            if (connection->is_quiet()) return connection;
        }
        return nullptr;
    }

    void keep(const Origin& origin, PooledConnectionPtr connection) {
        auto& pool = idle[origin.key()];
        if (pool.size() >= settings.idle_connections) pool.pop_front();
        connection->idle_since = Steady::now();
        pool.push_back(std::move(connection));
        if (!sweeping) sweep_later();
    }

    void sweep_later() {
        sweeping = true;
        sweeper.expires_after(settings.idle_time);
        sweeper.async_wait([weak = weak_from_this()](error_code error) {
            const auto self = weak.lock();
            if (!error && self) self->sweep();
        });
    }

    void sweep() {
        const auto oldest = Steady::now() - settings.idle_time;
        for (auto it = idle.begin(); it != idle.end();) {
            auto& pool = it->second;
            while (!pool.empty() && pool.front()->idle_since <= oldest) pool.pop_front();
            it = pool.empty() ? idle.erase(it) : std::next(it);
        }
        sweeping = false;
        if (!idle.empty()) sweep_later();
    }

    static Task<HttpsResponse> call(
        std::shared_ptr<Impl> impl, Origin origin, HttpsRequest request, Steady::time_point until
    );
    Task<Try> use(
        PooledConnectionPtr connection, DeadlinePtr deadline, const Origin& origin,
        const std::string& message
    );
};

Task<Try> HttpsClient::Impl::use(
    PooledConnectionPtr connection, DeadlinePtr deadline, const Origin& origin,
    const std::string& message
) {
    deadline->connection = connection;
    auto result = co_await exchange(*connection, deadline, message, settings.answer_bytes);
    deadline->connection = nullptr;  // from here on it belongs to the pool, or to nobody
    if (result.reusable && !deadline->passed) keep(origin, std::move(connection));
    co_return result;
}

Task<HttpsResponse> HttpsClient::Impl::call(
    std::shared_ptr<Impl> impl, Origin origin, HttpsRequest request, Steady::time_point until
) {
    using enum HttpsResponse::Kind;
    const auto message = to_wire(origin, request, impl->settings.user_agent);
    const auto deadline = std::make_shared<Deadline>(impl->loop, until);
    const ActiveCall call{impl->calls, deadline};
    Deadline::arm(deadline);

    bool sent = false;
    if (auto reused = impl->take_idle(origin)) {
        auto result = co_await impl->use(std::move(reused), deadline, origin, message);
        const bool again = result.answer.kind != answered && !deadline->passed &&
                           !result.answer.is_too_large && (request.repeatable || !result.sent);
        if (!again) co_return result.answer;
        sent = result.sent;
    }

    std::string why;
    auto fresh = co_await connect(impl->loop, *impl->tls, origin, deadline, why);
    if (!fresh) co_return no_answer(sent ? unanswered : unreachable, why);
    auto result = co_await impl->use(std::move(fresh), deadline, origin, message);
    // The first try may have arrived. To call the whole unreachable would say that nothing was
    // sent, and a payment that exists would count as failed.
    if (sent && result.answer.kind == unreachable) result.answer.kind = unanswered;
    result.answer.sent_before = sent;
    co_return result.answer;
}

HttpsClient::HttpsClient(asio::io_context& loop, HttpsSettings settings)
    : impl_(std::make_shared<Impl>(loop, std::move(settings))) {}

HttpsClient::~HttpsClient() = default;

Task<HttpsResponse> HttpsClient::send(
    Origin origin, HttpsRequest request, std::chrono::milliseconds within
) {
    const auto impl = impl_;  // outlives this client while the call runs
    CallSpan span{trace_of(co_await asio::this_coro::executor), origin, request};
    const auto begin = Steady::now();
    auto answer = no_answer(HttpsResponse::Kind::unreachable, "too many calls at once");
    if (impl->calls < impl->settings.calls)
        answer = co_await Impl::call(impl, origin, request, begin + within);

    if (impl->settings.observer) {
        const std::chrono::duration<double> seconds = Steady::now() - begin;
        impl->settings.observer(
            {request.provider, request.operation, answer.kind, answer.status, seconds.count()}
        );
    }
    span.tell(answer);
    co_return answer;
}

}  // namespace payments::gateway
