#include "flow/poll.hpp"

#include "support/log.hpp"

namespace payments {

Task<void> poll(
    FlowContext& world, std::string_view what, Round round, std::chrono::milliseconds after_failure
) {
    while (true) {
        auto pause = after_failure;
        try {
            pause = co_await round(world);
        } catch (const std::exception& broken) {
            log::error(std::string{what} + " is put off", "reason", broken.what());
        }
        if (pause.count() > 0) co_await world.clock.sleep_until(world.clock.now() + pause);
    }
}

}  // namespace payments
