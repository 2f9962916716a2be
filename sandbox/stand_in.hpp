#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/clock.hpp"
#include "sandbox/http.hpp"
#include "sandbox/known_faults.hpp"
#include "sandbox/random.hpp"

// What every stand-in shares: loop, clock and random numbers, the log of requests and answers,
// faults to order, and the control API (sandbox/README.md).
namespace payments::sandbox {

struct SandboxContext {
    boost::asio::io_context& loop;
    SandboxClock clock;
    Random random;

    SandboxContext(boost::asio::io_context& l, std::uint64_t seed, double speed)
        : loop(l), clock(l, speed), random(seed) {}
};

// A fault that a test ordered: the next `times` operations of that name show it.
struct Fault {
    std::string operation;
    std::string name;
    int times = 1;  // -1: until reset
    std::chrono::milliseconds delay{0};
    std::int64_t code = 0;  // an error code, where the fault takes one

    Fault() = default;  // not an aggregate: it is passed to coroutines
};

class Faults {
public:
    void order(Fault fault) { ordered_.push_back(std::move(fault)); }
    // The first fault ordered for `operation`, used up by one.
    std::optional<Fault> take(std::string_view operation);
    // Likewise, but only one of these names.
    std::optional<Fault> take(
        std::string_view operation, std::initializer_list<std::string_view> names
    );
    void clear() { ordered_.clear(); }
    boost::json::array list() const;

private:
    std::deque<Fault> ordered_;
};

// Every request and answer, in and out, byte for byte, with the verdict on it. Bounded: the oldest
// entries are dropped.
class Journal {
public:
    explicit Journal(SandboxContext& world) : world_(world) {}

    // Adds a request that came in, and the answer that went out.
    void heard(
        std::string_view operation, const Request& request, const Reply& reply,
        std::string_view verdict, std::string_view fault
    );
    // Adds a call that this stand-in made, and its answer.
    void called(
        std::string_view operation, const Outgoing& request, const Fetched& answer,
        std::string_view verdict, std::string_view fault
    );
    // Those of `operation`, "" for all, whose number is above `after`.
    boost::json::array list(std::string_view operation, std::int64_t after = 0) const;
    void clear() { entries_.clear(); }

private:
    void keep(boost::json::object entry);

    SandboxContext& world_;
    std::int64_t next_ = 1;
    std::deque<boost::json::object> entries_;
};

class StandIn : public Handler {
public:
    StandIn(SandboxContext& world, boost::asio::ip::tcp::endpoint at);

    std::string url() const { return listener_.url(); }
    void start() { listener_.start(); }
    Task<Reply> answer(Request request) override;

protected:
    // The name of the operation, for faults and the log; "" for what is not an operation.
    virtual std::string operation_of(const Request& request) const = 0;
    virtual std::span<const KnownFaults> known_faults() const = 0;
    // Does what was asked. `fault` was ordered for this operation and is the stand-in's own to
    // carry out; the faults of every request (known_faults.hpp) never come here.
    virtual Task<Reply> serve(
        Request request, std::string operation, std::optional<Fault> fault
    ) = 0;
    // Control calls beyond the common ones; nothing when there is no such call.
    virtual Task<std::optional<Reply>> control(Request request, boost::json::object body) = 0;
    virtual void reset() = 0;

    SandboxContext& world_;
    Faults faults_;
    Journal journal_;
    std::string verdict_;  // of `serve` on the request, for the log; set before it returns

private:
    Task<Reply> answer_control(Request request);
    Task<Reply> answer_operation(Request request, std::string operation);
    Task<Reply> list_log(Request request);
    Reply order_fault(const boost::json::object& body);
    Reply set_clock(const boost::json::object& body);

    Listener listener_;
};

Reply json_reply(int status, const boost::json::value& body);
Reply refusal(int status, std::string_view message);  // {"message": …}
std::int64_t integer_or(
    const boost::json::object& o, std::string_view name, std::int64_t otherwise
);
Task<void> pause(std::chrono::milliseconds real_time);

}  // namespace payments::sandbox
