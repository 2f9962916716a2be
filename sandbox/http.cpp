#include "sandbox/http.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "support/text.hpp"

namespace payments::sandbox {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr std::size_t request_limit_bytes = 1024 * 1024;

template <class Fields>
Headers headers_of(const Fields& fields) {
    Headers headers;
    for (const auto& field : fields) {
        headers.emplace_back(text::lower(field.name_string()), std::string{field.value()});
    }
    return headers;
}

Request request_of(bhttp::request<bhttp::string_body> message) {
    Request request;
    request.method = std::string{message.method_string()};
    const auto target = std::string{message.target()};
    const auto mark = target.find('?');
    request.path = percent_decode(target.substr(0, mark), false);
    if (mark != std::string::npos) request.query = target.substr(mark + 1);
    request.headers = headers_of(message);
    request.body = std::move(message.body());
    return request;
}

std::string text_of(const Reply& reply, bool keep_alive, bool with_body) {
    std::string text =
        "HTTP/1.1 " + std::to_string(reply.status) + " " +
        std::string{bhttp::obsolete_reason(static_cast<bhttp::status>(reply.status))};
    if (!reply.content_type.empty()) text += "\r\nContent-Type: " + reply.content_type;
    text += "\r\nContent-Length: " + std::to_string(reply.body.size());
    for (const auto& [name, value] : reply.headers) text += "\r\n" + name + ": " + value;
    text += keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
    return with_body ? text + reply.body : text;
}

void cut(beast::tcp_stream& stream) {
    beast::error_code ignored;
    stream.socket().set_option(asio::socket_base::linger{true, 0}, ignored);
    stream.socket().close(ignored);
}

// Waits until the caller has given up.
Task<void> stay_silent(beast::tcp_stream& stream) {
    char byte;
    beast::error_code ended;
    stream.expires_after(10min);
    co_await stream.async_read_some(
        asio::buffer(&byte, 1), asio::redirect_error(asio::use_awaitable, ended)
    );
}

// False when the connection is over.
Task<bool> send(beast::tcp_stream& stream, Reply reply, bool keep_alive, bool with_body) {
    if (reply.manner == Manner::reset) {
        cut(stream);
        co_return false;
    }
    if (reply.manner == Manner::silent) {
        co_await stay_silent(stream);
        co_return false;
    }
    const bool truncated = reply.manner == Manner::truncated;
    auto text = text_of(reply, keep_alive && !truncated, with_body);
    if (truncated) text.resize(text.size() - reply.body.size() / 2);
    beast::error_code failed;
    stream.expires_after(30s);
    co_await asio::async_write(
        stream, asio::buffer(text), asio::redirect_error(asio::use_awaitable, failed)
    );
    co_return keep_alive && !truncated && !failed;
}

// Reads until the parser has a whole message. Not Beast's own composed read: that is made anew for
// every parser and takes long to compile.
template <class Parser>
Task<beast::error_code> read(
    beast::tcp_stream& stream, beast::flat_buffer& buffer, Parser& parser
) {
    beast::error_code failed;
    parser.eager(true);
    while (true) {
        buffer.consume(parser.put(buffer.data(), failed));
        if (parser.is_done()) co_return beast::error_code{};
        if (failed && failed != bhttp::error::need_more) co_return failed;
        const auto received = co_await stream.async_read_some(
            buffer.prepare(8 * 1024), asio::redirect_error(asio::use_awaitable, failed)
        );
        if (failed == asio::error::eof) {
            failed = {};
            if (!parser.got_some()) co_return bhttp::error::end_of_stream;
            parser.put_eof(failed);
            co_return failed;
        }
        if (failed) co_return failed;
        buffer.commit(received);
    }
}

Task<void> converse(tcp::socket socket, Handler& handler) {
    beast::tcp_stream stream{std::move(socket)};
    beast::flat_buffer buffer;
    for (bool open = true; open;) {
        bhttp::request_parser<bhttp::string_body> parser;
        parser.body_limit(request_limit_bytes);
        stream.expires_after(2min);
        const auto failed = co_await read(stream, buffer, parser);
        if (failed) break;
        const bool keep_alive = parser.keep_alive();
        const bool with_body = parser.get().method() != bhttp::verb::head;
        auto request = request_of(parser.release());
        auto reply = co_await handler.answer(std::move(request));
        open = co_await send(stream, std::move(reply), keep_alive, with_body);
    }
    beast::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

Task<void> accept(tcp::acceptor& acceptor, Handler& handler) {
    for (;;) {
        beast::error_code failed;
        auto socket =
            co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failed));
        if (failed == asio::error::operation_aborted) co_return;
        if (failed) continue;
        asio::co_spawn(
            acceptor.get_executor(), converse(std::move(socket), handler), asio::detached
        );
    }
}

struct Url {
    std::string host, port, target;
};
Url read_url(std::string_view url) {
    if (url.starts_with("http://")) url.remove_prefix(7);
    const auto slash = std::min(url.find('/'), url.size());
    const auto authority = url.substr(0, slash);
    const auto colon = authority.rfind(':');
    Url parts;
    parts.host = std::string{authority.substr(0, colon)};
    parts.port = colon == std::string_view::npos ? "80" : std::string{authority.substr(colon + 1)};
    parts.target = slash < url.size() ? std::string{url.substr(slash)} : "/";
    return parts;
}

Fetched no_answer(const beast::error_code& why) {
    Fetched fetched;
    fetched.kind = why == beast::error::timeout      ? Fetched::Kind::timed_out
                   : why == bhttp::error::body_limit ? Fetched::Kind::too_big
                                                     : Fetched::Kind::failed;
    return fetched;
}

Task<Fetched> exchange(Outgoing request) {
    const auto url = read_url(request.url);
    tcp::resolver resolver{co_await asio::this_coro::executor};
    const auto addresses = co_await resolver.async_resolve(url.host, url.port, asio::use_awaitable);
    beast::tcp_stream stream{co_await asio::this_coro::executor};
    stream.expires_after(request.deadline);
    co_await stream.async_connect(addresses, asio::use_awaitable);

    std::string text = request.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.host + ":" +
                       url.port + "\r\nConnection: close\r\n";
    for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
    if (!request.body.empty() || request.method != "GET")
        text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    text += "\r\n" + request.body;
    co_await asio::async_write(stream, asio::buffer(text), asio::use_awaitable);

    beast::flat_buffer buffer;
    bhttp::response_parser<bhttp::string_body> parser;
    parser.body_limit(request.answer_limit_bytes);
    const auto failed = co_await read(stream, buffer, parser);
    if (failed) throw boost::system::system_error{failed};
    Fetched fetched;
    fetched.kind = Fetched::Kind::answered;
    fetched.status = static_cast<int>(parser.get().result_int());
    fetched.headers = headers_of(parser.get());
    fetched.body = std::move(parser.get().body());
    co_return fetched;
}

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view lower_case_name) {
    for (const auto& [name, value] : headers) {
        if (name == lower_case_name) return &value;
    }
    return nullptr;
}

std::string Request::parameter(std::string_view name) const {
    std::string_view rest = query;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto pair = rest.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        if (percent_decode(pair.substr(0, equals)) == name) {
            return percent_decode(pair.substr(std::min(equals + 1, pair.size())));
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

Listener::Listener(asio::io_context& loop, tcp::endpoint at, Handler& handler)
    : acceptor_(loop, at), handler_(handler) {}

std::string Listener::url() const {
    const auto at = acceptor_.local_endpoint();
    return "http://" + at.address().to_string() + ":" + std::to_string(at.port());
}

void Listener::start() {
    asio::co_spawn(acceptor_.get_executor(), accept(acceptor_, handler_), asio::detached);
}

Task<Fetched> fetch(Outgoing request) {
    beast::error_code why;
    try {
        co_return co_await exchange(std::move(request));
    } catch (const boost::system::system_error& error) {
        why = error.code();
    }
    co_return no_answer(why);
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const unsigned char c : text) {
        if (std::isalnum(c) != 0 ||
            std::string_view{"-._~"}.find(static_cast<char>(c)) != std::string_view::npos) {
            encoded += static_cast<char>(c);
        } else {
            encoded += {'%', digits[c >> 4], digits[c & 15]};
        }
    }
    return encoded;
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
                            digit(text[i + 2]) >= 0;
        if (escape) {
            decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

}  // namespace payments::sandbox
