#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "flow/ports.hpp"
#include "simulate/random.hpp"

namespace payments::simulate {

// Virtual time and everything that is planned to happen, one step after the other. Of two steps
// planned for the same moment chance takes one first.
class Schedule {
public:
    using Action = std::function<void()>;
    // Steps of the service are dropped when its process is killed; those of the world are not.
    enum class Owner : std::uint8_t { world, service };

    explicit Schedule(Random& random) : random_(random) {}

    Time now() const { return now_; }
    void at(Time when, Owner owner, Action action);
    void in(std::chrono::milliseconds delay, Owner owner, Action action) {
        at(now_ + delay, owner, std::move(action));
    }
    // When the next step happens; nothing when there is none.
    std::optional<Time> next() const;
    // Moves the time to the next step and does it.
    void step();
    // Time passes and nothing happens.
    void pass_until(Time when) { now_ = std::max(now_, when); }
    void drop_service();
    void clear() { steps_.clear(); }

private:
    struct Step {
        Time when;
        std::uint64_t tie;
        Owner owner;
        Action action;
    };
    static bool later(const Step& a, const Step& b) {
        return a.when != b.when ? a.when > b.when : a.tie > b.tie;
    }

    friend class Doorbell;

    Random& random_;
    Time now_{};
    std::vector<Step> steps_;                  // a heap, the next one in front
    std::map<std::uint64_t, Action> waiting_;  // coroutines of the service, to be resumed
    std::uint64_t next_waiting_ = 0;
};

// One coroutine of the service waits here until somebody rings. It may be rung more than once, or
// before anyone waits; the schedule owns the waiting coroutine, so that it is destroyed with the
// process it belongs to.
class Doorbell {
public:
    explicit Doorbell(Schedule& schedule)
        : schedule_(schedule), number_(schedule.next_waiting_++) {}
    Doorbell(const Doorbell&) = delete;

    // Must be awaited at most once, on the service's loop.
    Task<void> wait();
    void ring();
    bool has_rung() const { return rung_; }

private:
    Schedule& schedule_;
    const std::uint64_t number_;
    bool rung_ = false;
};

}  // namespace payments::simulate
