#pragma once

#include "flow/ports.hpp"
#include "support/times.hpp"

namespace payments {

// The machine's clock, in whole milliseconds. `now` may be called on any thread; `sleep_until`
// sleeps on the loop that awaits it, at least until `when` by the steady clock: a clock that is set
// meanwhile neither shortens nor prolongs the sleep.
struct SystemClock : Clock {
    Time now() const override;
    std::chrono::milliseconds steady() const override;
    Task<void> sleep_until(Time when) override;
};

}  // namespace payments
