#include "support/spans.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>
#include <stdexcept>

#include "support/crypto.hpp"

namespace payments {
namespace {

namespace asio = boost::asio;

void run(Task<void> work) {
    asio::io_context loop;
    std::exception_ptr broken;
    asio::co_spawn(loop, std::move(work), [&](std::exception_ptr thrown) { broken = thrown; });
    loop.run();
    if (broken) std::rethrow_exception(broken);
}

TracePtr trace_in(TraceQueue& queue) {
    return std::make_shared<Trace>(queue, std::string(32, 'a'), std::string(16, 'b'));
}

Task<void> wait_and_call(std::string name) {
    asio::steady_timer timer{co_await asio::this_coro::executor, std::chrono::milliseconds{1}};
    co_await timer.async_wait(asio::use_awaitable);
    SpanScope span{trace_of(co_await asio::this_coro::executor), name, SpanKind::client};
    span.set("payments.operation", "query");
    span.set("http.response.status_code", 200);
}

Task<void> call_twice() {
    std::string first = "first", second = "second";
    co_await wait_and_call(first);
    co_await wait_and_call(second);
}

Task<void> call_and_fail() {
    co_await call_twice();
    throw std::runtime_error{"refused"};
}

Task<void> in_trace(TracePtr trace, Task<void> work) {
    auto root = SpanScope::root(trace, "startPayment", SpanKind::server, "0123456789abcdef");
    co_await run_traced(std::move(trace), std::move(work));
}

TEST(SpansTest, a_call_belongs_to_the_trace_in_which_it_is_made) {
    TraceQueue queue{100};
    run(in_trace(trace_in(queue), call_twice()));
    const auto traces = queue.take(10);
    ASSERT_EQ(traces.size(), 1U);
    EXPECT_EQ(traces[0].id, std::string(32, 'a'));
    ASSERT_EQ(traces[0].spans.size(), 3U);
    const auto& [first, second, root] =
        std::tie(traces[0].spans[0], traces[0].spans[1], traces[0].spans[2]);
    EXPECT_EQ(first.name, "first");
    EXPECT_EQ(second.name, "second");
    EXPECT_EQ(first.parent_id, root.id);
    EXPECT_EQ(second.parent_id, root.id);
    EXPECT_EQ(root.id, std::string(16, 'b'));
    EXPECT_EQ(root.parent_id, "0123456789abcdef");
    EXPECT_EQ(root.kind, SpanKind::server);
    EXPECT_LE(root.begin, first.begin);
    EXPECT_LE(first.end, second.begin);
    EXPECT_LE(second.end, root.end);
    EXPECT_EQ(first.attributes.size(), 2U);
}

TEST(SpansTest, what_is_thrown_arrives_and_its_spans_are_told) {
    TraceQueue queue{100};
    EXPECT_THROW(run(in_trace(trace_in(queue), call_and_fail())), std::runtime_error);
    const auto traces = queue.take(10);
    ASSERT_EQ(traces.size(), 1U);
    EXPECT_EQ(traces[0].spans.size(), 3U);
}

TEST(SpansTest, without_a_trace_nothing_is_recorded) {
    TraceQueue queue{100};
    run(call_twice());
    EXPECT_TRUE(queue.take(10).empty());
    EXPECT_EQ(begin_trace(nullptr), nullptr);
}

TEST(SpansTest, a_loop_that_dies_hands_over_what_has_finished) {
    TraceQueue queue{100};
    {
        asio::io_context loop;
        asio::co_spawn(loop, in_trace(trace_in(queue), call_twice()), [](std::exception_ptr) {});
        loop.poll();
    }
    const auto traces = queue.take(10);
    ASSERT_EQ(traces.size(), 1U);
    EXPECT_EQ(traces[0].spans.back().name, "startPayment");
}

TEST(SpansTest, a_round_that_called_nobody_is_not_worth_telling) {
    TraceQueue queue{100};
    auto trace = begin_trace(&queue);
    { const SpanScope span{trace, "database commit", SpanKind::internal}; }
    trace.reset();
    EXPECT_TRUE(queue.take(10).empty());

    trace = begin_trace(&queue);
    { const auto root = SpanScope::root(trace, "reconciling", SpanKind::internal, ""); }
    { const SpanScope later{trace, "stripe", SpanKind::client}; }
    trace.reset();
    EXPECT_EQ(queue.take(10).size(), 1U);
}

TEST(SpansTest, the_share_of_traces_is_kept_and_follows_from_their_ids) {
    const TraceQueue all{100}, some{10};
    int count = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto id = crypto::random_hex(16);
        EXPECT_TRUE(all.samples(id));
        EXPECT_EQ(some.samples(id), some.samples(id));
        if (some.samples(id)) ++count;
    }
    EXPECT_GT(count, 800);
    EXPECT_LT(count, 1'200);
    EXPECT_TRUE(some.samples(std::string(18, '0') + std::string(14, 'f')));
    EXPECT_FALSE(some.samples(std::string(18, 'f') + std::string(14, '0')));
}

TEST(SpansTest, a_queue_that_is_full_drops_and_counts) {
    TraceQueue queue{100};
    const auto filled = TraceQueue::waiting_max / 2 + 10;
    for (std::size_t i = 0; i < filled; ++i) {
        auto trace = trace_in(queue);
        { const SpanScope one{trace, "one", SpanKind::client}; }
        { const SpanScope two{trace, "two", SpanKind::client}; }
    }
    EXPECT_EQ(queue.take_dropped(), 20);
    EXPECT_EQ(queue.take_dropped(), 0);
    std::size_t taken = 0;
    for (auto traces = queue.take(100); !traces.empty(); traces = queue.take(100)) {
        EXPECT_LE(traces.size(), 50U);
        for (const auto& trace : traces) taken += trace.spans.size();
    }
    EXPECT_EQ(taken, TraceQueue::waiting_max);
}

TEST(SpansTest, a_trace_without_end_is_cut) {
    TraceQueue queue{100};
    {
        auto trace = trace_in(queue);
        auto root = SpanScope::root(trace, "reconcile", SpanKind::internal, "");
        for (std::size_t i = 0; i < 2 * Trace::spans_max; ++i)
            const SpanScope span{trace, "stripe", SpanKind::client};
    }
    const auto traces = queue.take(10'000);
    ASSERT_EQ(traces.size(), 1U);
    EXPECT_EQ(traces[0].spans.size(), Trace::spans_max + 1);
    EXPECT_EQ(traces[0].spans.back().name, "reconcile");
}

}  // namespace
}  // namespace payments
