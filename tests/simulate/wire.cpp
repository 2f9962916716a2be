#include "simulate/wire.hpp"

namespace payments::simulate {

using namespace std::chrono_literals;

Fate fate_of_call(Stage& stage, const Request& request) {
    auto& random = stage.random;
    const auto timeout = request.timeout;
    Fate fate;
    fate.back = std::chrono::milliseconds{random.between(1, 200)};
    if (stage.strikes(stage.plan.unreachable)) {
        fate.unreachable = true;
        return fate;
    }
    if (request.to && stage.is_asleep(*request.to)) return fate;
    fate.arrivals.emplace_back(random.between(1, 200));
    if (stage.strikes(stage.plan.slow_calls)) {
        // Within our deadline, beyond it before the provider begins, or beyond it afterwards.
        const int how = random.below(3);
        if (how == 0) fate.arrivals[0] += timeout / 2;
        if (how == 1) fate.arrivals[0] += timeout + random.about(1s, 5min);
        if (how == 2) fate.back += timeout;
    }
    if (stage.strikes(stage.plan.lost_calls)) {
        if (random.percent(50)) fate.arrivals.clear();
        fate.answer_is_lost = true;
    }
    if (request.is_repeatable && !fate.arrivals.empty() && stage.strikes(stage.plan.repeated_calls))
        fate.arrivals.push_back(fate.arrivals[0] + random.about(1ms, 10s));
    fate.garbled = stage.strikes(stage.plan.garbled_answers);
    return fate;
}

}  // namespace payments::simulate
