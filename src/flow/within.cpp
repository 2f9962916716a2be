#include "flow/within.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>

namespace payments {
namespace {

namespace asio = boost::asio;

// Of both the waiter and the work, whichever ends later.
struct Shared {
    asio::steady_timer patience;
    bool is_done = false;
    std::exception_ptr thrown{};

    Shared(const asio::any_io_executor& loop, std::chrono::milliseconds time)
        : patience(loop, time) {}
};

}  // namespace

Task<bool> within(std::chrono::milliseconds patience, Task<void> work) {
    const auto loop = co_await asio::this_coro::executor;
    const auto shared = std::make_shared<Shared>(loop, patience);
    asio::co_spawn(loop, std::move(work), [shared](std::exception_ptr thrown) {
        shared->is_done = true;
        shared->thrown = thrown;
        // Also for who has not begun to wait.
        shared->patience.expires_at(asio::steady_timer::time_point::min());
    });
    co_await shared->patience.async_wait(asio::as_tuple(asio::use_awaitable));
    if (shared->thrown) std::rethrow_exception(shared->thrown);
    co_return shared->is_done;
}

}  // namespace payments
