#pragma once

#include "flow/ports.hpp"
#include "gateway/https_client.hpp"
#include "support/gateway.hpp"
#include "support/loop.hpp"

namespace payments::test {

// A clock that stands where the test puts it.
struct StandingClock : Clock {
    Time time = opened_at + std::chrono::seconds{1};
    Time now() const override { return time; }
    Task<void> sleep_until(Time) override { co_return; }
};

// What `task` returns, or throws, on a loop that goes on living.
template <class T>
T await_on(boost::asio::io_context& loop, Task<T> task) {
    std::optional<T> answer;
    std::exception_ptr failure;
    bool done = false;
    boost::asio::co_spawn(
        loop, testing_support::store_answer(std::move(task), answer),
        [&](std::exception_ptr thrown) {
            failure = thrown;
            done = true;
        }
    );
    loop.restart();
    while (!done) loop.run_one();
    if (failure) std::rethrow_exception(failure);
    return std::move(*answer);
}

}  // namespace payments::test
