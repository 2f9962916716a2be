#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "flow/task.hpp"

namespace payments {

// Does work on its one thread, while the loops of those who wait for it go on.
class WorkThread {
public:
    // What `work` returns, or throws.
    template <class Work, class T = std::invoke_result_t<Work&>>
    Task<T> run(Work work) {
        if (!pool_) pool_.emplace(1);
        auto answer = std::make_shared<std::optional<T>>();
        std::function<void()> job = [answer, work = std::move(work)]() mutable {
            answer->emplace(work());
        };
        co_await boost::asio::async_initiate<
            const boost::asio::use_awaitable_t<>, void(std::exception_ptr)>(
            [this](auto handler, std::function<void()> todo) {
                submit(std::move(handler), std::move(todo));
            },
            boost::asio::use_awaitable, std::move(job)
        );
        co_return std::move(**answer);
    }

private:
    template <class Handler>
    void submit(Handler handler, std::function<void()> job) {
        // A loop whose coroutines all wait here has nothing else to do, and must not end for that.
        auto executor = boost::asio::prefer(
            boost::asio::get_associated_executor(handler),
            boost::asio::execution::outstanding_work.tracked
        );
        auto shared = std::make_shared<Handler>(std::move(handler));
        boost::asio::post(*pool_, [executor, shared, job = std::move(job)]() mutable {
            std::exception_ptr failure;
            try {
                job();
            } catch (...) {
                failure = std::current_exception();
            }
            job = nullptr;  // what it holds is given up before its caller goes on
            boost::asio::post(executor, [shared, failure]() mutable {
                std::move (*shared)(failure);
            });
        });
    }

    std::optional<boost::asio::thread_pool> pool_;
};

}  // namespace payments
