#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "flow/task.hpp"
#include "storage/rules/group_commit.hpp"
#include "storage/sqlite/database.hpp"

namespace payments::sqlite {

// Wakes one coroutine on its own executor, from any thread, once; with the exception it is to
// throw, or null. Does nothing when the coroutine's loop was destroyed meanwhile.
using Wake = std::function<void(std::exception_ptr)>;

// Threads that serve one queue, each with its own connection. The library blocks, so it does that
// here and never on an event loop. A worker without threads leaves calls in the queue until its
// owner serves them, so that a simulation can choose every moment of a call.
class Worker {
public:
    // It may be run after its caller's frame is gone (its loop destroyed), so it must own what it
    // uses. It may be run again when what it had written was undone: only the last time counts.
    using Work = std::function<void(Database&)>;
    struct Job {
        Work work;
        Wake wake;
        std::exception_ptr failure;
        std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
    };
    // Does the work of the jobs taken together and notes what failed; their callers are woken
    // after.
    using Serve = std::function<void(Database&, std::vector<Job>&)>;

    struct Limits {
        std::size_t together_max;  // jobs taken at once
        std::size_t waiting_max;   // beyond that run() throws StoreDown at once
        bool threads = true;       // one per connection; else whoever calls serve() does the work
        std::string_view name = "database read";  // of its spans; static text
    };

    Worker(std::vector<std::unique_ptr<Database>> connections, Limits limits, Serve serve);
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker();  // serves what waits, then ends the threads

    // Runs `work` on a thread of ours and returns on the caller's executor; throws what it threw.
    // May be called from any event loop's thread.
    Task<void> run(Work work);

    // As Store::queue_age(). From any thread.
    std::chrono::milliseconds queue_age();

    // Without threads: the calls that wait, and the work of at most `together_max` of them, done
    // on this thread. Returns how many were served; their callers are woken on their own loops.
    std::size_t waiting();
    std::size_t serve(std::size_t together_max);

private:
    void submit(Job job);
    std::vector<Job> take(std::size_t together_max);
    void serve(Database& database, std::vector<Job> jobs);
    void serve_until_stopped(Database& database);

    const Limits limits_;
    const Serve serve_;
    std::mutex mutex_;
    std::condition_variable waiting_;
    std::deque<Job> queue_;
    bool stopping_ = false;
    std::vector<std::unique_ptr<Database>> connections_;
    std::vector<std::thread> threads_;
};

template <class T>
Task<T> answer_when(Task<void> done, std::shared_ptr<std::optional<T>> answer) {
    co_await std::move(done);
    co_return std::move(**answer);
}

// What `ask` returns on the worker's thread, carried back to the caller's executor; throws what it
// threw. The answer is shared, because the caller's frame may be gone (its loop destroyed) before
// the work is done. No coroutine, whose frame would keep a second place for all that `ask` holds.
template <class Ask, class T = std::invoke_result_t<Ask&, Database&>>
Task<T> answer_of(Worker& worker, Ask ask) {
    if constexpr (std::is_void_v<T>) {
        return worker.run(Worker::Work{std::move(ask)});
    } else {
        auto answer = std::make_shared<std::optional<T>>();
        Worker::Work work = [answer, ask = std::move(ask)](Database& database) mutable {
            answer->emplace(ask(database));
        };
        return answer_when(worker.run(std::move(work)), std::move(answer));
    }
}

// Each job in a read transaction of its own, so that what it reads belongs together.
void serve_reads(Database& database, std::vector<Worker::Job>& jobs);

// What goes along with the changes of a group.
struct Companion {
    std::function<void(bool is_kept)> after_change = [](bool) {};  // undone when not kept
    std::function<void(Database&)> before_commit = [](Database&) {};
    std::function<void()> after_failure = [] {};  // nothing of the group was kept
};

// Group commit: all jobs in one database transaction, because the flush at its end costs more than
// all the changes. One that fails undoes nothing of its neighbours: they are done again. When the
// commit fails nothing was kept, and every one of them has failed with StoreDown. Throws nothing.
Group commit_together(
    Database& database, std::vector<Worker::Job>& jobs, const Companion& companion = {}
);

}  // namespace payments::sqlite
