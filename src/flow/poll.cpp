#include "flow/poll.hpp"

#include "support/log.hpp"
#include "support/spans.hpp"

namespace payments {
namespace {

Task<void> take_part(const Round& round, FlowContext& context, std::chrono::milliseconds* next_in) {
    *next_in = co_await round(context);
}

}  // namespace

Task<void> in_a_trace(FlowContext& context, std::string_view what, Task<void> work) {
    auto trace = begin_trace(context.traces);
    if (!trace) co_return co_await std::move(work);
    auto span = SpanScope::root(trace, what, SpanKind::internal, "");
    try {
        co_await run_traced(std::move(trace), std::move(work));
    } catch (...) {
        span.fail();
        throw;
    }
}

Task<void> poll(
    FlowContext& context, std::string_view what, Round round,
    std::chrono::milliseconds after_failure
) {
    while (true) {
        auto pause = after_failure;
        try {
            co_await in_a_trace(context, what, take_part(round, context, &pause));
        } catch (const std::exception& broken) {
            log::error(std::string{what} + " is put off", "reason", broken.what());
        }
        if (pause.count() > 0) co_await context.clock.sleep_until(context.clock.now() + pause);
    }
}

}  // namespace payments
