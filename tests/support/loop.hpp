#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

#include "flow/task.hpp"

// Coroutines run to their end from plain test code.
namespace payments::testing_support {

template <class T>
Task<void> store_answer(Task<T> task, std::optional<T>& answer) {
    answer.emplace(co_await std::move(task));
}

// What `task` returns, or throws, on a loop of its own.
template <class T>
T run(Task<T> task) {
    boost::asio::io_context loop;
    std::exception_ptr failure;
    const auto done = [&](std::exception_ptr thrown) { failure = thrown; };
    if constexpr (std::is_void_v<T>) {
        boost::asio::co_spawn(loop, std::move(task), done);
        loop.run();
        if (failure) std::rethrow_exception(failure);
    } else {
        std::optional<T> answer;
        boost::asio::co_spawn(loop, store_answer(std::move(task), answer), done);
        loop.run();
        if (failure) std::rethrow_exception(failure);
        return std::move(*answer);
    }
}

// `count` tasks at once, spread over `loops` threads with a loop each. Answers in the order of
// `make(i)`; one that threw is empty.
template <class Make, class T = typename std::invoke_result_t<Make&, int>::value_type>
std::vector<std::optional<T>> run_together(int count, int loops, Make make) {
    std::vector<std::optional<T>> answers(static_cast<std::size_t>(count));
    std::vector<std::thread> threads;
    for (int thread = 0; thread < loops; ++thread)
        threads.emplace_back([&, thread] {
            boost::asio::io_context loop;
            for (int i = thread; i < count; i += loops)
                boost::asio::co_spawn(
                    loop, store_answer(make(i), answers[static_cast<std::size_t>(i)]),
                    [](std::exception_ptr) {}
                );
            loop.run();
        });
    for (auto& thread : threads) thread.join();
    return answers;
}

}  // namespace payments::testing_support
