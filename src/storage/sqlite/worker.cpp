#include "storage/sqlite/worker.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>

#include "flow/ports.hpp"
#include "support/spans.hpp"

namespace payments::sqlite {
namespace {

namespace asio = boost::asio;

// The coroutines of one event loop that wait for a worker. The loop owns them: when it is destroyed
// they go with it, and a worker that finishes later finds nobody to wake.
class SuspendedCalls : public asio::execution_context::service {
public:
    using Resume = std::function<void(std::exception_ptr)>;
    struct Registry {
        std::mutex mutex;
        std::unordered_map<std::uint64_t, Resume> by_number;
        std::uint64_t next = 0;
    };
    static inline asio::execution_context::id id;

    explicit SuspendedCalls(asio::execution_context& context) : service(context) {}

    // `resume` only posts to the loop, so it may run under the lock: while it does, the loop
    // cannot be destroyed.
    Wake add(Resume resume) {
        const std::lock_guard lock{registry_->mutex};
        const auto number = registry_->next++;
        registry_->by_number.emplace(number, std::move(resume));
        return [registry = registry_, number](std::exception_ptr failure) {
            const std::lock_guard wake_lock{registry->mutex};
            const auto found = registry->by_number.find(number);
            if (found == registry->by_number.end()) return;
            found->second(std::move(failure));
            registry->by_number.erase(found);
        };
    }

private:
    void shutdown() override {
        std::unordered_map<std::uint64_t, Resume> dropped;
        const std::lock_guard lock{registry_->mutex};
        dropped.swap(registry_->by_number
        );  // destroyed after the lock is gone: frames may be large
    }

    std::shared_ptr<Registry> registry_ = std::make_shared<Registry>();
};

template <class Handler>
Wake suspend(Handler handler) {
    const auto executor = asio::get_associated_executor(handler);
    auto& suspended_calls =
        asio::use_service<SuspendedCalls>(asio::query(executor, asio::execution::context));
    // A loop whose coroutines all wait here has nothing else to do, and must not end for that.
    auto work = asio::prefer(executor, asio::execution::outstanding_work.tracked);
    // std::function copies what it holds, and a handler cannot be copied.
    auto shared = std::make_shared<Handler>(std::move(handler));
    return suspended_calls.add([work, shared](std::exception_ptr failure) {
        asio::post(work, [shared, failure = std::move(failure)]() mutable {
            std::move (*shared)(std::move(failure));
        });
    });
}

// Runs one job inside the group's transaction; afterwards the transaction holds all of it or
// nothing of it. Throws when the whole transaction is lost: a full disk makes SQLite roll back by
// itself, and a savepoint after that would commit on its own.
void run_in_savepoint(Database& database, Worker::Job& job) {
    database.change("SAVEPOINT change");
    try {
        job.work(database);
    } catch (...) {
        if (!database.in_transaction()) throw;
        job.failure = std::current_exception();
        database.change("ROLLBACK TO change");
    }
    database.change("RELEASE change");
}

// Hardly ever does one fail, and behind a savepoint SQLite copies every page that a change writes
// to. So at first there is none, and only when one has failed all are done again, each in its own.
void run_all(Database& database, std::vector<Worker::Job>& jobs, const Companion& companion) {
    try {
        for (auto& job : jobs) {
            job.work(database);
            companion.after_change(true);
        }
        return;
    } catch (...) {
        if (!database.in_transaction()) throw;
    }
    database.change("ROLLBACK");
    companion.after_failure();
    database.change("BEGIN IMMEDIATE");
    for (auto& job : jobs) {
        run_in_savepoint(database, job);
        companion.after_change(!job.failure);
    }
}

}  // namespace

Worker::Worker(std::vector<std::unique_ptr<Database>> connections, Limits limits, Serve serve)
    : limits_(limits), serve_(std::move(serve)), connections_(std::move(connections)) {
    if (!limits_.threads) return;
    for (auto& connection : connections_)
        threads_.emplace_back([this, database = connection.get()] {
            serve_until_stopped(*database);
        });
}

Worker::~Worker() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    waiting_.notify_all();
    for (auto& thread : threads_) thread.join();
}

Task<void> Worker::run(Work work) {
    const SpanScope span{
        trace_of(co_await asio::this_coro::executor), limits_.name, SpanKind::internal};
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
        [this](auto handler, Work todo) {
            submit({std::move(todo), suspend(std::move(handler)), nullptr});
        },
        asio::use_awaitable, std::move(work)
    );
}

void Worker::submit(Job job) {
    {
        const std::lock_guard lock{mutex_};
        if (queue_.size() < limits_.waiting_max) {
            queue_.push_back(std::move(job));
            waiting_.notify_one();
            return;
        }
    }
    job.wake(std::make_exception_ptr(StoreDown{
        "database " + connections_.front()->path() + ": too many calls are waiting for it"}));
}

// Called with the queue locked.
std::vector<Worker::Job> Worker::take(std::size_t together_max) {
    std::vector<Job> jobs;
    while (!queue_.empty() && jobs.size() < together_max) {
        jobs.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return jobs;
}

void Worker::serve(Database& database, std::vector<Job> jobs) {
    serve_(database, jobs);
    for (auto& job : jobs) job.wake(std::move(job.failure));
}

void Worker::serve_until_stopped(Database& database) {
    for (;;) {
        std::unique_lock lock{mutex_};
        waiting_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        // Told to stop, and everything is served: nobody is left without an answer.
        if (queue_.empty()) return;
        auto jobs = take(limits_.together_max);
        lock.unlock();
        serve(database, std::move(jobs));
    }
}

std::chrono::milliseconds Worker::queue_age() {
    const std::lock_guard lock{mutex_};
    if (queue_.size() < few_waiting) return {};
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - queue_.front().since
    );
}

std::size_t Worker::waiting() {
    const std::lock_guard lock{mutex_};
    return queue_.size();
}

std::size_t Worker::serve(std::size_t together_max) {
    std::unique_lock lock{mutex_};
    auto jobs = take(together_max);
    lock.unlock();
    const auto count = jobs.size();
    if (count > 0) serve(*connections_.front(), std::move(jobs));
    return count;
}

void serve_reads(Database& database, std::vector<Worker::Job>& jobs) {
    for (auto& job : jobs) {
        try {
            database.change("BEGIN");
            job.work(database);
            database.change("COMMIT");
        } catch (...) {
            job.failure = std::current_exception();
            database.roll_back();
        }
    }
}

Group commit_together(
    Database& database, std::vector<Worker::Job>& jobs, const Companion& companion
) {
    const auto start = std::chrono::steady_clock::now();
    Group group;
    group.changes = jobs.size();
    try {
        // Before anything is written: a commit into a file that was replaced would be acknowledged
        // and lost. IMMEDIATE: a transaction that only read so far is not let wait for the lock.
        database.check_in_place();
        database.change("BEGIN IMMEDIATE");
        run_all(database, jobs, companion);
        companion.before_commit(database);
        database.change("COMMIT");
        group.committed = true;
    } catch (const std::exception& error) {
        group.failure = error.what();
        database.roll_back();
        companion.after_failure();
    }
    for (auto& job : jobs) {
        // One exception each: the callers are on several threads.
        if (!group.committed && !job.failure)
            job.failure = std::make_exception_ptr(StoreDown{group.failure});
        if (job.failure) ++group.failed;
    }
    group.took = std::chrono::steady_clock::now() - start;
    return group;
}

}  // namespace payments::sqlite
