#include "sandbox/clock.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace payments::sandbox {

using namespace std::chrono;

SandboxClock::SandboxClock(boost::asio::io_context& loop, double speed)
    : timer_(loop),
      speed_(speed),
      anchor_(floor<Time::duration>(system_clock::now())),
      anchored_(steady_clock::now()) {}

Time SandboxClock::now() const {
    if (planned_for_) return *planned_for_;
    const duration<double> passed = steady_clock::now() - anchored_;
    return anchor_ + duration_cast<Time::duration>(passed * speed_);
}

void SandboxClock::anchor(Time now) {
    anchor_ = now;
    anchored_ = steady_clock::now();
}

void SandboxClock::set_speed(double speed) {
    anchor(now());
    speed_ = speed;
    arm();
}

void SandboxClock::advance(milliseconds by) {
    anchor(now() + by);
    arm();
}

void SandboxClock::set(Time now) {
    anchor(now);
    arm();
}

void SandboxClock::at(Time when, std::function<void()> task) {
    plan_.emplace(when, std::move(task));
    arm();
}

void SandboxClock::after(milliseconds delay, std::function<void()> task) {
    at(now() + delay, std::move(task));
}

void SandboxClock::arm() {
    timer_.cancel();
    if (plan_.empty()) return;
    const duration<double> ahead = plan_.begin()->first - now();
    if (speed_ <= 0 && ahead.count() > 0) return;
    if (ahead.count() <= 0) {
        // Not by the timer: libfaketime, by which tests move all programs' time, loses those that
        // have expired when they are set.
        if (!std::exchange(will_run_, true))
            boost::asio::post(timer_.get_executor(), [this] { run_due(); });
        return;
    }
    const auto wait = std::min(ahead.count() / speed_, 3600.0);
    timer_.expires_after(duration_cast<steady_clock::duration>(duration<double>(wait)));
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) run_due();
    });
}

void SandboxClock::run_due() {
    while (!plan_.empty() && plan_.begin()->first <= now()) {
        const auto task = std::move(plan_.begin()->second);
        const auto when = plan_.begin()->first;
        plan_.erase(plan_.begin());
        planned_for_ = when;
        task();
        planned_for_.reset();
    }
    will_run_ = false;
    arm();
}

}  // namespace payments::sandbox
