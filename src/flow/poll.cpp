#include "flow/poll.hpp"

#include "support/log.hpp"
#include "support/spans.hpp"

namespace payments {
namespace {

Task<void> take_part(
    const Round& round, FlowContext& context, std::chrono::milliseconds* next_in
) {
    *next_in = co_await round(context);
}

// What the round leaves running is a part of its trace as well.
Task<void> traced_round(
    TracePtr trace, std::string_view what, const Round& round, FlowContext& context,
    std::chrono::milliseconds* next_in
) {
    auto span = SpanScope::root(trace, what, SpanKind::internal, "");
    try {
        co_await run_traced(std::move(trace), take_part(round, context, next_in));
    } catch (...) {
        span.fail();
        throw;
    }
}

}  // namespace

Task<void> poll(
    FlowContext& context, std::string_view what, Round round,
    std::chrono::milliseconds after_failure
) {
    while (true) {
        auto pause = after_failure;
        try {
            if (auto trace = begin_trace(context.traces))
                co_await traced_round(std::move(trace), what, round, context, &pause);
            else
                pause = co_await round(context);
        } catch (const std::exception& broken) {
            log::error(std::string{what} + " is put off", "reason", broken.what());
        }
        if (pause.count() > 0) co_await context.clock.sleep_until(context.clock.now() + pause);
    }
}

}  // namespace payments
