#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "flow/ports.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/rules/group_commit.hpp"
#include "support/spans.hpp"

namespace payments::postgres {

// Calls of one event loop that wait for a connection, and a few connections that serve them: one
// that becomes free takes what waits, up to a bound, and serves it together. A call that finds all
// of them free is served at once, unless they have just served several: then it waits for as many
// again, a millisecond at most, because one batch costs the server much less than two of half the
// size. For the same reason the others are left alone while one works; they help when more wait
// than a batch may hold, or when the oldest has waited for 2 ms (the one that works may be waiting
// for somebody's lock). On the loop's thread only.
template <class Job>
class Pool {
public:
    using Resume = std::function<void(std::exception_ptr)>;
    struct Queued {
        Job job;
        Resume resume;
        std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
        std::exception_ptr failure{};
    };
    using Jobs = std::vector<Queued>;
    // Serves the jobs taken together on an open connection, and notes what failed.
    using Serve = std::function<Task<void>(PipelineConnection&, Jobs&)>;

    struct Limits {
        int connections;
        std::size_t together_max;
        std::size_t waiting_max;  // beyond that run() throws StoreDown at once
        std::string_view name;    // of its spans; static text
        // How long a batch is gathered at most, and how soon after the one before. Measured: at 16
        // and at 64 clients more is waited for nothing (docs/performance.md).
        std::chrono::microseconds gathered_for{1000};
        std::chrono::milliseconds gathered_within{10};
    };

    Pool(
        boost::asio::io_context& loop, boost::asio::thread_pool& threads,
        const ServerAddress& address, Limits limits, Serve serve
    )
        : loop_(loop),
          address_(address),
          limits_(limits),
          serve_(std::move(serve)),
          patience_(loop),
          gathering_(loop) {
        // None is opened yet: its first job does that, as it does again when one was lost.
        for (int i = 0; i < limits.connections; ++i)
            idle_.push_back(std::make_unique<PipelineConnection>(loop, threads, address));
    }

    // Returns when the job has been served; throws what it failed with.
    Task<void> run(Job job) {
        const SpanScope span{
            trace_of(co_await boost::asio::this_coro::executor), limits_.name, SpanKind::internal};
        co_await boost::asio::async_initiate<
            const boost::asio::use_awaitable_t<>, void(std::exception_ptr)>(
            [this](auto handler, Job todo) { submit(std::move(todo), std::move(handler)); },
            boost::asio::use_awaitable, std::move(job)
        );
    }

    // As Store::queue_age().
    std::chrono::milliseconds queue_age() const {
        if (queue_.size() < few_waiting) return {};
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - queue_.front().since
        );
    }

private:
    template <class Handler>
    void submit(Job job, Handler handler) {
        auto shared = std::make_shared<Handler>(std::move(handler));
        Resume resume = [this, shared](std::exception_ptr failure) {
            boost::asio::post(loop_, [shared, failure = std::move(failure)]() mutable {
                std::move (*shared)(std::move(failure));
            });
        };
        if (queue_.size() >= limits_.waiting_max)
            return resume(std::make_exception_ptr(StoreDown{
                "database " + address_.place() + ": too many calls are waiting for it"}));
        queue_.push_back({std::move(job), std::move(resume)});
        if (queue_.size() == gathered_size_) gathering_.cancel();
        if (idle_.empty()) return;
        if (needs(0))
            use_another();
        else
            watch_the_wait();
    }

    // Whether the queue needs a connection beside those that work. `mine`: 1 when one of these
    // asks, which has just finished, else 0.
    bool needs(std::size_t mine) const {
        const auto others = static_cast<std::size_t>(limits_.connections) - idle_.size() - mine;
        return !queue_.empty() && (others == 0 || queue_.size() > limits_.together_max);
    }

    void use_another() {
        // The last one used: the others may never have to be opened.
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        boost::asio::co_spawn(
            loop_, serve_what_waits(this, std::move(connection)), boost::asio::detached
        );
    }

    void watch_the_wait() {
        if (is_watching_) return;
        is_watching_ = true;
        patience_.expires_at(queue_.front().since + patience);
        patience_.async_wait([this](boost::system::error_code cancelled) {
            if (cancelled) return;
            is_watching_ = false;
            if (queue_.empty() || idle_.empty()) return;
            if (queue_.front().since + patience > std::chrono::steady_clock::now())
                watch_the_wait();
            else
                use_another();
        });
    }

    static Task<void> serve_what_waits(Pool* pool, std::unique_ptr<PipelineConnection> connection) {
        co_await pool->gather();
        for (auto jobs = pool->take(); !jobs.empty();
             jobs = pool->needs(1) ? pool->take() : Jobs{}) {
            try {
                if (!connection->is_open()) co_await connection->open();
                co_await pool->serve_(*connection, jobs);
            } catch (const std::exception& broken) {
                connection->close();  // so that no transaction stays open on it
                // One exception each: a caller may change or keep the one it catches.
                for (auto& queued : jobs)
                    queued.failure = std::make_exception_ptr(StoreDown{broken.what()});
            }
            for (auto& queued : jobs) queued.resume(std::move(queued.failure));
            pool->note_size(jobs.size());
            if (pool->needs(1)) co_await pool->gather();
        }
        pool->idle_.push_back(std::move(connection));
        if (!pool->queue_.empty()) pool->watch_the_wait();
    }

    void note_size(std::size_t size) {
        last_sizes_ = {last_sizes_[1], size};
        served_at_ = std::chrono::steady_clock::now();
    }

    // Who was just answered asks for the next thing in a moment. So this waits until as many are
    // there as the larger of the last two batches had, and not for long; and not at all when each
    // of these was of one, or some while ago.
    Task<void> gather() {
        const auto expected = std::min(std::ranges::max(last_sizes_), limits_.together_max);
        if (expected < 2 || queue_.size() >= expected || gathered_size_ > 0) co_return;
        if (std::chrono::steady_clock::now() - served_at_ > limits_.gathered_within) co_return;
        gathered_size_ = expected;
        gathering_.expires_after(limits_.gathered_for);
        boost::system::error_code cancelled;
        co_await gathering_.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, cancelled)
        );
        gathered_size_ = 0;
    }

    Jobs take() {
        Jobs jobs;
        while (!queue_.empty() && jobs.size() < limits_.together_max) {
            jobs.push_back(std::move(queue_.front()));
            queue_.pop_front();
        }
        return jobs;
    }

    // Measured: 10 ms cost a third of the rate where a flush takes 5 ms (ARCHITECTURE.md,
    // Decisions).
    static constexpr std::chrono::milliseconds patience{2};

    boost::asio::io_context& loop_;
    const ServerAddress& address_;
    const Limits limits_;
    const Serve serve_;
    std::deque<Queued> queue_;
    std::vector<std::unique_ptr<PipelineConnection>> idle_;
    boost::asio::steady_timer patience_;
    bool is_watching_ = false;
    std::array<std::size_t, 2> last_sizes_{};  // of batches; the newest stands behind
    std::chrono::steady_clock::time_point served_at_{};
    boost::asio::steady_timer gathering_;
    std::size_t gathered_size_ = 0;  // which ends the wait; 0 while nobody gathers
};

}  // namespace payments::postgres
