#include "flow/when_all.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace payments {

namespace asio = boost::asio;

Task<void> when_all(std::vector<Task<void>> tasks) {
    if (tasks.empty()) co_return;
    const auto executor = co_await asio::this_coro::executor;
    using Running = decltype(asio::co_spawn(executor, std::move(tasks.front()), asio::deferred));
    std::vector<Running> running;
    running.reserve(tasks.size());
    for (auto& task : tasks)
        running.push_back(asio::co_spawn(executor, std::move(task), asio::deferred));

    auto group = asio::experimental::make_parallel_group(std::move(running));
    const auto [order, failures] = co_await std::move(group).async_wait(
        asio::experimental::wait_for_all(), asio::use_awaitable
    );
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

Task<void> give_way() {
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
}

}  // namespace payments
