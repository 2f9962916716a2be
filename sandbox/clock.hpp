#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <optional>

#include "payment/transaction.hpp"

namespace payments::sandbox {

// The sandbox's own time: starts at the machine's, may run faster, stand still (speed 0), or be
// moved forward, when the tasks of the skipped time run at once, in order, each at the time that it
// was planned for. A test need not wait for a provider's retry schedule of days. To be called on
// the loop's thread.
class SandboxClock {
public:
    SandboxClock(boost::asio::io_context& loop, double speed);

    Time now() const;  // in a task: what it was planned for
    double speed() const { return speed_; }
    void set_speed(double speed);  // 0 or more
    void advance(std::chrono::milliseconds by);
    void set(Time now);

    // Runs `task` when this clock shows `when`, on the loop.
    void at(Time when, std::function<void()> task);
    void after(std::chrono::milliseconds delay, std::function<void()> task);

private:
    void anchor(Time now);
    void arm();
    void run_due();

    boost::asio::steady_timer timer_;
    double speed_;
    Time anchor_;
    std::chrono::steady_clock::time_point anchored_;
    std::optional<Time> planned_for_;  // of the task that runs
    bool will_run_ = false;            // what is due, as soon as the loop comes to it
    std::multimap<Time, std::function<void()>> plan_;
};

}  // namespace payments::sandbox
