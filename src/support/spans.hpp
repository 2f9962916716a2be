#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "flow/task.hpp"

// Traces in OpenTelemetry's terms (docs/operations.md, "Traces"): a request or a round of
// background work is a trace of spans, one for itself and one for each call and commit in it.
//
// Which trace a coroutine belongs to is carried by its executor, so that nothing has to be passed
// on from the door to the sockets, and where nobody records traces nothing is allocated.
namespace payments {

// As OTLP numbers them.
enum class SpanKind : std::uint8_t { internal = 1, server = 2, client = 3 };

struct Span {
    std::string id;         // 16 hex digits
    std::string parent_id;  // likewise; "" for the first span of all
    std::string name;
    SpanKind kind = SpanKind::internal;
    std::chrono::nanoseconds begin{}, end{};  // since 1970
    std::vector<std::pair<std::string_view, std::variant<std::string, std::int64_t>>> attributes{};
    bool has_failed = false;
};

struct FinishedTrace {
    std::string id;  // 32 hex digits
    std::vector<Span> spans;
};

// What is to be exported, of the whole process. Any thread.
class TraceQueue {
public:
    // So many of a hundred traces are recorded, 1 to 100. Which ones follows from their ids, so
    // that services with equal shares record the same.
    explicit TraceQueue(int percent) : percent_(percent) {}

    // `trace_id` is 32 hex digits. A caller's flag does not count; one that makes up its ids can
    // have itself recorded, which fills nothing but its place among waiting_max.
    bool samples(std::string_view trace_id) const;
    // What finds no room is dropped, and counted.
    void add(FinishedTrace trace) noexcept;
    // The oldest, with at most `spans_max` spans, but one trace at least.
    std::vector<FinishedTrace> take(std::size_t spans_max);
    // How many spans were dropped since the last call.
    std::int64_t take_dropped();

    static constexpr std::size_t waiting_max = 4096;  // spans

private:
    const int percent_;
    std::mutex mutex_;
    std::deque<FinishedTrace> waiting_;
    std::size_t spans_ = 0;
    std::int64_t dropped_ = 0;
};

// A trace under way. On one loop's thread; it may die on any, and is handed over then.
class Trace {
public:
    enum class Told { always, when_worth_it };  // see is_worth_telling

    // `id` is 32 hex digits, `root_id` 16: that of its first span.
    Trace(TraceQueue& queue, std::string id, std::string root_id, Told told = Told::always);
    ~Trace();
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;

    const std::string& root_id() const { return root_id_; }
    std::chrono::nanoseconds now() const;  // since 1970; never goes back within a trace
    void add(Span span) noexcept;

    static constexpr std::size_t spans_max = 200;  // further ones are left out

private:
    // Called somebody, or its first span lasted 100 ms.
    bool is_worth_telling() const;

    TraceQueue& queue_;
    const std::string root_id_;
    const Told told_;
    const std::chrono::system_clock::time_point began_at_ = std::chrono::system_clock::now();
    const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    FinishedTrace finished_;
};
using TracePtr = std::shared_ptr<Trace>;

// A new one, for a round of background work; null when it is not to be recorded, or there is no
// queue. What asked nobody and was quick is not told of: there are several a second.
TracePtr begin_trace(TraceQueue* queue);

// From its making to its end, which comes with an exception too. Does nothing without a trace.
class SpanScope {
public:
    SpanScope() = default;
    // A span below the trace's first one.
    SpanScope(TracePtr trace, std::string_view name, SpanKind kind);
    // The trace's first span, whose parent is another service's or "".
    static SpanScope root(
        TracePtr trace, std::string_view name, SpanKind kind, std::string_view parent_id
    );

    bool is_recording() const { return open_ != nullptr; }
    void set(std::string_view key, std::string_view value);  // `key` is static text
    void set(std::string_view key, std::int64_t value);
    void fail();

private:
    // Apart, so that frames of coroutines which are not traced stay small.
    struct Open {
        TracePtr trace;
        Span span;

        Open(TracePtr t, Span s) : trace(std::move(t)), span(std::move(s)) {}
        Open(const Open&) = delete;
        Open& operator=(const Open&) = delete;
        ~Open();
    };
    std::unique_ptr<Open> open_;
};

// Runs what it is given on another executor, and names a trace.
class TracedExecutor {
public:
    TracedExecutor(boost::asio::any_io_executor inner, TracePtr trace) noexcept
        : inner_(std::move(inner)), trace_(std::move(trace)) {}

    using Inner = boost::asio::any_io_executor;

    const TracePtr& trace() const noexcept { return trace_; }

    template <class Function>
    void execute(Function&& function) const {
        inner_.execute(std::forward<Function>(function));
    }
    template <class Property>
    auto query(const Property& property) const
        -> decltype(boost::asio::query(std::declval<const Inner&>(), property)) {
        return boost::asio::query(inner_, property);
    }
    template <class Property>
        requires boost::asio::can_require_v<const boost::asio::any_io_executor&, Property>
    TracedExecutor require(const Property& property) const {
        return {boost::asio::require(inner_, property), trace_};
    }
    template <class Property>
        requires boost::asio::can_prefer_v<const boost::asio::any_io_executor&, Property>
    TracedExecutor prefer(const Property& property) const {
        return {boost::asio::prefer(inner_, property), trace_};
    }
    friend bool operator==(const TracedExecutor& a, const TracedExecutor& b) noexcept {
        return a.trace_ == b.trace_ && a.inner_ == b.inner_;
    }

private:
    boost::asio::any_io_executor inner_;
    TracePtr trace_;
};

// The trace of a coroutine with this executor (boost::asio::this_coro::executor); null without one.
inline TracePtr trace_of(const boost::asio::any_io_executor& executor) noexcept {
    const auto* traced = executor.target<TracedExecutor>();
    return traced == nullptr ? nullptr : traced->trace();
}

// Does `work` as a part of `trace`. Throws what it throws.
Task<void> run_traced(TracePtr trace, Task<void> work);

}  // namespace payments
