#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "payment/error.hpp"
#include "support/metrics.hpp"

namespace payments::http {

// How long what arrives on a loop waits there until it is looked at. Measured by an event of our
// own, which stands in the kernel's line of ready sockets behind whatever became ready before it:
// a timer would not, for the loop takes a few of them at a time and looks at its timers between.
// On the loop's thread; throws std::system_error when there is no descriptor for it, at birth.
class LoopDelay {
public:
    explicit LoopDelay(boost::asio::io_context& loop);

    // The newest measurement, or for how long one that has not come back has been away already, if
    // that is longer; 0 when there was none lately. Begins another from time to time: measured is
    // only while somebody asks.
    std::chrono::nanoseconds now();

private:
    using Instant = std::chrono::steady_clock::time_point;
    void send(Instant at);
    void arrived();

    boost::asio::posix::stream_descriptor event_;
    std::optional<Instant> sent_at_;  // while one is away
    Instant arrived_at_{};
    std::chrono::nanoseconds newest_{};
};

// When those who are refused are to come again: at different times, and the later the more they
// are. Whoever waits asks again and again until it is their turn, and with tens of thousands of
// them refusing would soon be most of the work. On one thread.
class RetrySpread {
public:
    using Instant = std::chrono::steady_clock::time_point;

    RetrySpread();
    void admitted(Instant now);
    // Retry-After in seconds: from 2 on, each a second later than the one before, up to 5; up to 17
    // while those who are refused are more than three times those who are admitted. So many always
    // come back that nobody waits for longer in all.
    int refused(Instant now);

private:
    void look(Instant now);

    Instant since_{};  // for which these are counted
    std::int64_t admitted_ = 0;
    std::int64_t refused_ = 0;
    double spread_s_;  // over so many values
    int turn_ = 0;
};

// Refuses what can be asked for again while a loop or its database has more to do than it can do in
// time, so that what is accepted is answered soon: without it each would wait for all before it,
// and visitors would have given up when their answer comes (docs/reliability.md). On the loop's
// thread; outlives its requests.
class Overload {
public:
    using QueueAge = std::function<std::chrono::milliseconds()>;  // as Store::queue_age()

    // `wait_max`: how long work may wait for the loop, and calls for the database, until more is
    // refused; 0 refuses nothing. It must have been longer for a tenth of a second: a moment in
    // which the machine was elsewhere is no overload.
    Overload(
        boost::asio::io_context& loop, QueueAge store_wait, Metrics& metrics,
        std::chrono::milliseconds wait_max
    );

    // Errc::overloaded, with a Retry-After that differs, so that they do not all come back at once.
    Result<void> admit();

private:
    using Instant = std::chrono::steady_clock::time_point;
    Error refuse(
        Instant now, std::chrono::milliseconds loop_wait, std::chrono::milliseconds store_wait
    );

    LoopDelay loop_;
    const QueueAge store_wait_;
    Metrics& metrics_;
    const std::chrono::milliseconds wait_max_;
    std::optional<Instant> longer_since_;  // than may be
    std::optional<Instant> refused_at_;    // the latest
    RetrySpread retry_;
    std::int64_t refused_since_log_ = 0;  // since the log was last told
    std::optional<Instant> logged_at_;
};

}  // namespace payments::http
