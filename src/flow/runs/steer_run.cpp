#include "flow/runs/steer_run.hpp"

#include "flow/office/sight.hpp"
#include "support/log.hpp"

namespace payments {

Task<Result<RunWithTallies>> steer_run(
    FlowContext& context, Privileges caller, SteeringOrder order
) {
    const auto id = order.run_id;
    const auto sight = co_await sight_of(context, std::move(caller));
    const auto known = co_await context.runs->run(id, sight);
    if (!known) co_return unknown_run(id);
    order.now = context.clock.now();
    log::info("a refund run is steered", "run_id", id, "do", name(order.steering));
    const auto steered = co_await context.runs->steer_run(std::move(order));
    if (!steered) co_return steered.error();
    auto now = co_await context.runs->run(id, sight);
    if (!now) co_return unknown_run(id);
    co_return std::move(*now);
}

}  // namespace payments
