#include "flow/poll.hpp"

#include "support/log.hpp"

namespace payments {

Task<void> poll(
    FlowContext& context, std::string_view what, Round round,
    std::chrono::milliseconds after_failure
) {
    while (true) {
        auto pause = after_failure;
        try {
            pause = co_await round(context);
        } catch (const std::exception& broken) {
            log::error(std::string{what} + " is put off", "reason", broken.what());
        }
        if (pause.count() > 0) co_await context.clock.sleep_until(context.clock.now() + pause);
    }
}

}  // namespace payments
