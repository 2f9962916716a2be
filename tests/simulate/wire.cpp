#include "simulate/wire.hpp"

namespace payments::simulate {

using namespace std::chrono_literals;

Task<void> be_held_up(Stage* stage, std::string before) {
    if (!stage->strikes(stage->plan.held_up)) co_return;
    stage->tell(before, ": the process is held up before it");
    const auto bell = std::make_shared<Doorbell>(stage->schedule);
    const auto delay = stage->random.about(10s, 3min);
    stage->schedule.in(delay, Schedule::Owner::service, [bell] { bell->ring(); });
    co_await bell->wait();
}

CallPlan plan_call(Stage& stage, const Request& request) {
    auto& random = stage.random;
    const auto timeout = request.timeout;
    CallPlan plan;
    plan.back = std::chrono::milliseconds{random.between(1, 200)};
    if (stage.strikes(stage.plan.unreachable)) {
        plan.unreachable = true;
        return plan;
    }
    if (request.to && stage.is_asleep(*request.to)) return plan;
    plan.arrivals.emplace_back(random.between(1, 200));
    if (stage.strikes(stage.plan.slow_calls)) {
        // Within our deadline, beyond it before the provider begins, or beyond it afterwards; or
        // the answer is old when it comes.
        const int how = random.below(4);
        if (how == 0) plan.arrivals[0] += timeout / 2;
        if (how == 1) plan.arrivals[0] += timeout + random.about(1s, 5min);
        if (how == 2) plan.back += timeout;
        if (how == 3) plan.back += timeout / 2;
    }
    if (stage.strikes(stage.plan.lost_calls)) {
        if (random.percent(50)) plan.arrivals.clear();
        plan.answer_is_lost = true;
    }
    if (request.what.starts_with("refund ") && !plan.arrivals.empty() &&
        stage.strikes(stage.plan.late_refunds)) {
        plan.arrivals[0] += timeout + random.about(1s, 5min);
        if (random.percent(90)) plan.arrivals.clear();
        plan.answer_is_lost = true;
    }
    if (request.is_repeatable && !plan.arrivals.empty() && stage.strikes(stage.plan.repeated_calls))
        plan.arrivals.push_back(plan.arrivals[0] + random.about(1ms, 10s));
    plan.garbled = stage.strikes(stage.plan.garbled_answers);
    return plan;
}

}  // namespace payments::simulate
