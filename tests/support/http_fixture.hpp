#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "http/body_source.hpp"
#include "http/server.hpp"
#include "support/raw_client.hpp"

namespace payments::test {

// A body in pieces, some of them slow and some that never come.
struct Pieces : http::BodySource {
    std::vector<std::string> pieces;
    std::size_t rounds = 1;  // how often they come
    std::chrono::milliseconds each_takes{0};
    std::exception_ptr failure;  // after the last of them
    std::atomic<int>& asked;

    Pieces(std::vector<std::string> list, std::atomic<int>& count)
        : pieces(std::move(list)), asked(count) {}

    Task<std::string> next_piece() override {
        if (each_takes.count() > 0) {
            boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, each_takes);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        const auto next = static_cast<std::size_t>(asked++);
        if (next < pieces.size() * rounds) co_return pieces[next % pieces.size()];
        if (failure) std::rethrow_exception(failure);
        co_return std::string{};
    }
};

// Answers with what it heard; some paths misbehave.
struct EchoApplication : http::Application {
    std::atomic<int> answered{0};
    std::atomic<int> pieces_asked{0};  // for the last answer in pieces

    std::size_t body_limit(std::string_view, std::string_view path) const override {
        return path == "/large" ? 4 * 1024 * 1024 : 0;
    }

    Task<http::Response> answer(http::Request& request) override {
        ++answered;
        if (request.path == "/slow") {
            boost::asio::steady_timer timer(
                co_await boost::asio::this_coro::executor, std::chrono::milliseconds(300)
            );
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        if (request.path == "/throw") throw std::runtime_error("on purpose");
        if (request.path == "/throw-anything") throw 42;
        http::Response response(200, "text/plain", describe(request));
        if (request.path == "/split")
            response.headers.emplace_back("X-Note", "a\r\nSet-Cookie: b=c");
        if (request.path == "/own")
            response.headers = {
                {"content-length", "9"    },
                {"Date",           "never"},
                {"X-Mine",         "yes"  }
            };
        if (request.path == "/goodbye") response.headers.emplace_back("Connection", "close");
        if (request.path == "/nothing") response = http::Response(204, "", "");
        if (request.path == "/static") {
            static const std::string bytes(8 * 1024 * 1024, 's');
            response.static_body = bytes;
        }
        if (request.path.ends_with("pieces")) response.source = pieces(request.path);
        co_return response;
    }

    http::Response refuse(const Error& error, const std::string& request_id) const override {
        http::Response response(
            status(error.code), "application/problem+json",
            R"({"detail":")" + error.detail + R"(","instance":")" + request_id + "\"}"
        );
        if (error.retry_after_s > 0)
            response.headers.emplace_back("Retry-After", std::to_string(error.retry_after_s));
        return response;
    }

private:
    std::shared_ptr<http::BodySource> pieces(std::string_view path) {
        pieces_asked = 0;
        const std::vector<std::string> few{"one,", "two,", "three"};
        auto made = std::make_shared<Pieces>(few, pieces_asked);
        if (path == "/no-pieces") made->pieces.clear();
        if (path == "/many-pieces") {
            made->pieces = {std::string(64 * 1024, 'm')};
            made->rounds = 400;
        }
        if (path == "/slow-pieces") made->each_takes = std::chrono::milliseconds{150};
        if (path == "/broken-pieces")
            made->failure = std::make_exception_ptr(std::runtime_error("on purpose"));
        if (path == "/oddly-broken-pieces") made->failure = std::make_exception_ptr(42);
        return made;
    }

    static std::string describe(const http::Request& request) {
        auto text = request.method + " " + request.path + "?" + request.query + "\n";
        for (const auto& [name, value] : request.headers) text += name + "=" + value + "\n";
        return text + "\n" + request.body;
    }

    static int status(Errc code) {
        switch (code) {
            case Errc::malformed_request:
                return 400;
            case Errc::request_timeout:
                return 408;
            case Errc::body_too_large:
                return 413;
            case Errc::target_too_long:
                return 414;
            case Errc::headers_too_large:
                return 431;
            case Errc::overloaded:
                return 503;
            default:
                return 500;
        }
    }
};

// A server on a thread of its own and a free port of 127.0.0.1.
class RunningServer {
public:
    explicit RunningServer(http::Limits limits = {}) {
        server_.emplace(
            loop_, boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0),
            limits, application, open_connections
        );
        port = server_->address().port();
        server_->start();
        thread_ = std::thread([this] { loop_.run(); });
    }

    ~RunningServer() {
        boost::asio::post(loop_, [this] { server_.reset(); });
        loop_.stop();
        thread_.join();
    }

    std::future<void> drain(std::chrono::milliseconds deadline) {
        return co_spawn(loop_, server_->drain(deadline), boost::asio::use_future);
    }

    bool is_empty_within(std::chrono::milliseconds wait) const {
        const auto until = std::chrono::steady_clock::now() + wait;
        while (open_connections->load() > 0 && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        return open_connections->load() == 0;
    }

    EchoApplication application;
    std::shared_ptr<std::atomic<std::size_t>> open_connections =
        std::make_shared<std::atomic<std::size_t>>(0);
    std::uint16_t port = 0;

private:
    boost::asio::io_context loop_{1};
    std::optional<http::Server> server_;
    std::thread thread_;
};

}  // namespace payments::test
