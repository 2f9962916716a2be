#include "support/spans.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "support/crypto.hpp"

namespace payments {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t span_id_bytes = 8, trace_id_bytes = 16;

}  // namespace

// The last 56 bits of an id are random (W3C Trace Context, level 2, random-trace-id), and by these
// OpenTelemetry's samplers decide as well: recorded is what lies at the upper end.
bool TraceQueue::samples(std::string_view trace_id) const {
    std::uint64_t random = 0;
    const auto digits = trace_id.substr(18);
    std::from_chars(digits.data(), digits.data() + digits.size(), random, 16);
    constexpr std::uint64_t all = std::uint64_t{1} << 56;
    return random >= all - all / 100 * static_cast<std::uint64_t>(percent_);
}

void TraceQueue::add(FinishedTrace trace) noexcept {
    const auto count = trace.spans.size();
    const std::lock_guard lock{mutex_};
    if (spans_ + count <= waiting_max) {
        try {
            waiting_.push_back(std::move(trace));
            spans_ += count;
            return;
        } catch (const std::bad_alloc&) {
        }
    }
    dropped_ += static_cast<std::int64_t>(count);
}

std::vector<FinishedTrace> TraceQueue::take(std::size_t spans_max) {
    std::vector<FinishedTrace> taken;
    std::size_t count = 0;
    const std::lock_guard lock{mutex_};
    while (!waiting_.empty()) {
        count += waiting_.front().spans.size();
        if (!taken.empty() && count > spans_max) break;
        spans_ -= waiting_.front().spans.size();
        taken.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return taken;
}

std::int64_t TraceQueue::take_dropped() {
    const std::lock_guard lock{mutex_};
    return std::exchange(dropped_, 0);
}

Trace::Trace(TraceQueue& queue, std::string id, std::string root_id, Told told)
    : queue_(queue), root_id_(std::move(root_id)), told_(told) {
    finished_.id = std::move(id);
}

Trace::~Trace() {
    if (finished_.spans.empty()) return;
    if (told_ == Told::when_worth_it && !is_worth_telling()) return;
    queue_.add(std::move(finished_));
}

std::chrono::nanoseconds Trace::now() const {
    return began_at_.time_since_epoch() + (std::chrono::steady_clock::now() - began_);
}

void Trace::add(Span span) noexcept {
    if (finished_.spans.size() >= spans_max && span.id != root_id_) return;
    try {
        finished_.spans.push_back(std::move(span));
    } catch (const std::bad_alloc&) {
        // Nothing but the picture of this request is lost.
    }
}

bool Trace::is_worth_telling() const {
    return std::ranges::any_of(finished_.spans, [](const Span& span) {
        return span.kind == SpanKind::client ||
               (span.parent_id.empty() && span.end - span.begin >= 100ms);
    });
}

TracePtr begin_trace(TraceQueue* queue) {
    if (queue == nullptr) return nullptr;
    auto id = crypto::random_hex(trace_id_bytes);
    if (!queue->samples(id)) return nullptr;
    return std::make_shared<Trace>(
        *queue, std::move(id), crypto::random_hex(span_id_bytes), Trace::Told::when_worth_it
    );
}

SpanScope::SpanScope(TracePtr trace, std::string_view name, SpanKind kind) {
    if (trace == nullptr) return;
    Span span{crypto::random_hex(span_id_bytes), trace->root_id(), std::string{name}, kind};
    span.begin = trace->now();
    open_ = std::make_unique<Open>(std::move(trace), std::move(span));
}

SpanScope SpanScope::root(
    TracePtr trace, std::string_view name, SpanKind kind, std::string_view parent_id
) {
    SpanScope scope;
    if (trace == nullptr) return scope;
    Span span{trace->root_id(), std::string{parent_id}, std::string{name}, kind};
    span.begin = trace->now();
    scope.open_ = std::make_unique<Open>(std::move(trace), std::move(span));
    return scope;
}

void SpanScope::set(std::string_view key, std::string_view value) {
    if (open_) open_->span.attributes.emplace_back(key, std::string{value});
}

void SpanScope::set(std::string_view key, std::int64_t value) {
    if (open_) open_->span.attributes.emplace_back(key, value);
}

void SpanScope::fail() {
    if (open_) open_->span.has_failed = true;
}

SpanScope::Open::~Open() {
    span.end = trace->now();
    trace->add(std::move(span));
}

Task<void> run_traced(TracePtr trace, Task<void> work) {
    const asio::any_io_executor own = co_await asio::this_coro::executor;
    const TracedExecutor traced{own, std::move(trace)};
    co_await asio::co_spawn(traced, std::move(work), asio::use_awaitable);
}

}  // namespace payments
