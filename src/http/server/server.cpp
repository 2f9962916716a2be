#include "http/server/server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/server/connection.hpp"
#include "support/log.hpp"

namespace payments::http {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

// Without a pause, accept() would fail again at once and spin until a connection ends.
constexpr auto accept_pause = 100ms;  // when the system has no more descriptors or memory
// At a time, with their 503 or what is vital; others are closed unheard. An answer costs memory
// too, and saying no must stay cheaper than what it protects.
constexpr std::size_t most_turned_away = 256;

tcp::acceptor listen(asio::io_context& loop, const tcp::endpoint& address) {
    tcp::acceptor acceptor(loop);
    acceptor.open(address.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    // So that each loop has an acceptor at the same address and the kernel spreads clients over
    // them.
    acceptor.set_option(ReusePort(true));
    acceptor.bind(address);
    acceptor.listen(asio::socket_base::max_listen_connections);
    acceptor.non_blocking(true);
    return acceptor;
}

bool is_out_of_room(error_code failure) {
    return failure == asio::error::no_descriptors || failure == asio::error::no_memory ||
           failure == asio::error::no_buffer_space;
}

// A connection's place among those of the process. It counts while it exists, however its coroutine
// ends, so that none can be lost.
class Place {
public:
    Place(std::shared_ptr<std::atomic<std::size_t>> open, std::size_t limit)
        : open_(std::move(open)), within_limit_(open_->fetch_add(1) < limit) {}
    Place(Place&&) = default;
    ~Place() {
        if (open_) open_->fetch_sub(1);
    }
    bool within_limit() const { return within_limit_; }

private:
    std::shared_ptr<std::atomic<std::size_t>> open_;
    bool within_limit_;
};

}  // namespace

struct Server::Impl : ServerState, std::enable_shared_from_this<Server::Impl> {
    Impl(
        asio::io_context& l, const tcp::endpoint& address, Limits limits_, Application& app,
        std::shared_ptr<std::atomic<std::size_t>> open
    )
        : ServerState(app, limits_, std::move(open)),
          loop(l),
          acceptor(listen(l, address)),
          ticker(l),
          pause(l),
          last_gone(l) {}

    class Presence;
    static Task<void> accept_all(Presence presence);
    static Task<void> attend(Presence presence, Place place, tcp::socket socket);
    static Task<void> keep_deadlines(std::shared_ptr<Impl> impl);
    void admit(tcp::socket socket);
    void stop();

    asio::io_context& loop;
    tcp::acceptor acceptor;
    asio::steady_timer ticker;
    asio::steady_timer pause;
    asio::steady_timer last_gone;
    std::size_t present = 0;  // coroutines that drain() waits for
    bool stopped = false;
};

// Keeps the server's state alive while a coroutine runs, and tells drain() when the last one ends.
class Server::Impl::Presence {
public:
    explicit Presence(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) { ++impl_->present; }
    Presence(Presence&&) = default;
    ~Presence() {
        if (impl_ && --impl_->present == 0 && impl_->draining) impl_->last_gone.cancel();
    }
    Impl* operator->() const { return impl_.get(); }
    Impl& operator*() const { return *impl_; }

private:
    std::shared_ptr<Impl> impl_;
};

Task<void> Server::Impl::attend(Presence impl, Place place, tcp::socket socket) {
    try {
        Connection connection(*impl, std::move(socket));
        if (place.within_limit()) {
            co_await connection.serve();
        } else {
            co_await connection.turn_away();
        }
    } catch (const std::exception& broken) {
        log::error("a connection failed", "error", broken.what());
    }
}

void Server::Impl::admit(tcp::socket socket) {
    Place place(open_connections, limits.connections);
    // The socket and its place are given back as this returns.
    if (open_connections->load() > limits.connections + most_turned_away) return;
    Presence presence(shared_from_this());
    co_spawn(
        loop, attend(std::move(presence), std::move(place), std::move(socket)), asio::detached
    );
}

Task<void> Server::Impl::accept_all(Presence impl) {
    while (impl->acceptor.is_open()) {
        tcp::socket socket(impl->loop);
        error_code failure;
        if (impl->draining) {  // whoever is in the kernel's queue already got a connection: answer
            impl->acceptor.accept(socket, failure);
        } else {
            co_await impl->acceptor.async_accept(
                socket, asio::redirect_error(asio::use_awaitable, failure)
            );
        }
        if (!failure) {
            impl->admit(std::move(socket));
        } else if (impl->draining && failure != asio::error::operation_aborted) {
            impl->acceptor.close(failure);
        } else if (is_out_of_room(failure)) {
            log::warning("no room for another connection", "error", failure.message());
            impl->pause.expires_after(accept_pause);
            co_await impl->pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
        }
    }
}

Task<void> Server::Impl::keep_deadlines(std::shared_ptr<Impl> impl) {
    while (!impl->stopped) {
        impl->ticker.expires_after(impl->tick);
        error_code failure;
        co_await impl->ticker.async_wait(asio::redirect_error(asio::use_awaitable, failure));
        impl->keep_time();
        for (auto& connection : impl->connections) connection.on_tick();
    }
}

void Server::Impl::stop() {
    stopped = true;
    error_code ignored;
    acceptor.close(ignored);
    ticker.cancel();
    pause.cancel();
    for (auto& connection : connections) connection.cut();
}

Server::Server(
    asio::io_context& loop, tcp::endpoint address, Limits limits, Application& application,
    std::shared_ptr<std::atomic<std::size_t>> open_connections
)
    : impl_(std::make_shared<Impl>(loop, address, limits, application, std::move(open_connections))
      ) {}

Server::~Server() { impl_->stop(); }

void Server::start() {
    co_spawn(impl_->loop, Impl::accept_all(Impl::Presence(impl_)), asio::detached);
    co_spawn(impl_->loop, Impl::keep_deadlines(impl_), asio::detached);
}

tcp::endpoint Server::address() const { return impl_->acceptor.local_endpoint(); }

Task<std::size_t> Server::drain(std::chrono::milliseconds deadline) {
    const auto impl = impl_;
    impl->draining = true;
    error_code ignored;
    impl->acceptor.cancel(ignored);
    impl->pause.cancel();
    for (auto& connection : impl->connections) connection.drain();
    // Presence cancels it when the last coroutine has ended.
    impl->last_gone.expires_after(deadline);
    if (impl->present > 0)
        co_await impl->last_gone.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const auto cut = std::ranges::count_if(impl->connections, &Connection::is_answering);
    impl->stop();
    co_return static_cast<std::size_t>(cut);
}

}  // namespace payments::http
