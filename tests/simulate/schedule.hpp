#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "flow/ports.hpp"
#include "simulate/random.hpp"

namespace payments::simulate {

// Virtual time and everything that is yet to happen. One event is one step; of two at the same
// moment chance takes one first.
class Schedule {
public:
    using Action = std::function<void()>;
    // What belongs to the service dies with its process; the world goes on.
    enum class Owner : std::uint8_t { world, service };

    explicit Schedule(Random& random) : random_(random) {}

    Time now() const { return now_; }
    void at(Time when, Owner owner, Action action);
    void in(std::chrono::milliseconds delay, Owner owner, Action action) {
        at(now_ + delay, owner, std::move(action));
    }
    // When the next event happens; nothing when there is none.
    std::optional<Time> next() const;
    // Goes to the next event and lets it happen.
    void step();
    // Time passes and nothing happens.
    void pass_until(Time when) { now_ = std::max(now_, when); }
    void drop_service();
    void clear() { events_.clear(); }

private:
    struct Event {
        Time when;
        std::uint64_t tie;
        Owner owner;
        Action action;
    };
    static bool later(const Event& a, const Event& b) {
        return a.when != b.when ? a.when > b.when : a.tie > b.tie;
    }

    friend class Doorbell;

    Random& random_;
    Time now_{};
    std::vector<Event> events_;                // a heap, the next one in front
    std::map<std::uint64_t, Action> waiting_;  // coroutines of the service, to be resumed
    std::uint64_t next_waiting_ = 0;
};

// A place where one coroutine of the service waits until somebody rings. It may be rung more than
// once, or before anyone waits; the schedule owns the coroutine, so that it can die with the rest.
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
