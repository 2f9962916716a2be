#include "support/clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace payments {

Time SystemClock::now() const {
    // Down, never up: a fact must not be of a moment that has not come.
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds SystemClock::steady() const {
    return std::chrono::floor<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch()
    );
}

Task<void> SystemClock::sleep_until(Time when) {
    // A timer of the machine's clock would sleep an hour longer when somebody sets that back an
    // hour.
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, when - now()};
    co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace payments
