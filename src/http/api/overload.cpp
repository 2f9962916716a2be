#include "http/api/overload.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "support/log.hpp"

namespace payments::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto pause = 10ms;       // between two measurements; each costs some microseconds
constexpr auto fresh_for = 100ms;  // what was measured before that says nothing of now
constexpr auto moment = 100ms;     // no overload yet
constexpr auto lasting = 1s;       // after a refusal a longer wait needs no proof
constexpr auto log_pause = 10s;    // an overload must not be one of the log as well
// Retry-After, in seconds: from the first, over so many. A visitor's page counts down and asks
// again by itself.
constexpr int first_wait_s = 2;
constexpr double least_spread_s = 4, most_spread_s = 16;
constexpr double enough = 3;                                // refused for each that is admitted
constexpr auto count_time = 1s;                             // after which it is looked at, and
constexpr double at_a_time_max = 1.5, at_a_time_min = 0.5;  // changed by no more than this

int new_event() {
    const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (descriptor < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
    return descriptor;
}

}  // namespace

// --------------------------------------------------------------------------------- LoopDelay

LoopDelay::LoopDelay(boost::asio::io_context& loop) : event_(loop, new_event()) {}

std::chrono::nanoseconds LoopDelay::now() {
    const auto at = std::chrono::steady_clock::now();
    if (sent_at_) return std::max<std::chrono::nanoseconds>(newest_, at - *sent_at_);
    const auto age = at - arrived_at_;
    if (age >= pause) send(at);
    return age < fresh_for ? newest_ : 0ns;
}

// The wait is begun first: what is already there when it begins would be found at once, out of the
// line.
void LoopDelay::send(Instant at) {
    sent_at_ = at;
    event_.async_wait(
        boost::asio::posix::descriptor_base::wait_read,
        [this](boost::system::error_code failure) {
            if (!failure) arrived();
        }
    );
    constexpr std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(event_.native_handle(), &one, sizeof one);
}

void LoopDelay::arrived() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(event_.native_handle(), &count, sizeof count);
    arrived_at_ = std::chrono::steady_clock::now();
    newest_ = arrived_at_ - sent_at_.value_or(arrived_at_);
    sent_at_.reset();
}

// ------------------------------------------------------------------------------- RetrySpread

RetrySpread::RetrySpread() : spread_s_(least_spread_s) {}

void RetrySpread::admitted(Instant now) {
    look(now);
    ++admitted_;
}

int RetrySpread::refused(Instant now) {
    look(now);
    ++refused_;
    turn_ = (turn_ + 1) % static_cast<int>(spread_s_);
    return first_wait_s + turn_;
}

void RetrySpread::look(Instant now) {
    const auto age = now - since_;
    if (age < count_time) return;
    const auto each =
        static_cast<double>(refused_) / static_cast<double>(std::max<std::int64_t>(admitted_, 1));
    const auto change = std::clamp(each / enough, at_a_time_min, at_a_time_max);
    // What was counted long ago says nothing of now.
    const auto wanted = age < 2 * count_time ? spread_s_ * change : least_spread_s;
    spread_s_ = std::clamp(wanted, least_spread_s, most_spread_s);
    since_ = now;
    admitted_ = refused_ = 0;
}

// ---------------------------------------------------------------------------------- Overload

Overload::Overload(
    boost::asio::io_context& loop, QueueAge store_wait, Metrics& metrics, milliseconds wait_max
)
    : loop_(loop), store_wait_(std::move(store_wait)), metrics_(metrics), wait_max_(wait_max) {}

Result<void> Overload::admit() {
    if (wait_max_ == 0ms) return {};
    const auto now = std::chrono::steady_clock::now();
    const auto loop_wait = std::chrono::duration_cast<milliseconds>(loop_.now());
    const auto store_wait = store_wait_();
    if (std::max(loop_wait, store_wait) <= wait_max_) {
        longer_since_.reset();
        retry_.admitted(now);
        return {};
    }
    if (!longer_since_) longer_since_ = now;
    const bool was_one_lately = refused_at_ && now - *refused_at_ < lasting;
    if (!was_one_lately && now - *longer_since_ < moment) {
        retry_.admitted(now);
        return {};
    }
    return refuse(now, loop_wait, store_wait);
}

Error Overload::refuse(Instant now, milliseconds loop_wait, milliseconds store_wait) {
    metrics_.refused_for_load();
    refused_at_ = now;
    ++refused_since_log_;
    if (!logged_at_ || now - *logged_at_ >= log_pause) {
        log::warning(
            "starts are refused: there is more to do than can be done in time", "refused",
            refused_since_log_, "loop_wait_ms", std::int64_t{loop_wait.count()}, "store_wait_ms",
            std::int64_t{store_wait.count()}
        );
        logged_at_ = now;
        refused_since_log_ = 0;
    }
    return Error{Errc::overloaded, "too many people are paying at this moment"}.retry_after(
        retry_.refused(now)
    );
}

}  // namespace payments::http
