#pragma once

#include "flow/ports.hpp"
#include "support/times.hpp"

namespace payments {

// The machine's clock; sleeps on the loop that awaits.
struct SystemClock : Clock {
    Time now() const override;
    std::chrono::milliseconds steady() const override;
    Task<void> sleep_until(Time when) override;
};

}  // namespace payments
