#include "flow/office/call_counts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace payments {

CallCounts& CallCounts::operator+=(const CallCounts& more) {
    calls += more.calls;
    unanswered += more.unanswered;
    for (std::size_t i = 0; i < by_time.size(); ++i) by_time[i] += more.by_time[i];
    return *this;
}

CallCounts& CallCounts::operator-=(const CallCounts& less) {
    calls -= less.calls;
    unanswered -= less.unanswered;
    for (std::size_t i = 0; i < by_time.size(); ++i) by_time[i] -= less.by_time[i];
    return *this;
}

std::optional<std::chrono::milliseconds> time_of(const CallCounts& counts, int percent) {
    const auto& by_time = counts.by_time;
    const auto total = std::accumulate(by_time.begin(), by_time.end(), std::int64_t{0});
    if (total <= 0) return {};
    // The call at that place in the order of their times; within a bucket they lie evenly.
    const auto place = std::max<std::int64_t>(1, (total * percent + 99) / 100);
    std::int64_t before = 0;
    double seconds = call_seconds.back();
    for (std::size_t i = 0; i < call_seconds.size(); ++i) {
        if (before + by_time[i] < place) {
            before += by_time[i];
            continue;
        }
        const auto low = i == 0 ? 0 : call_seconds[i - 1];
        const auto share = static_cast<double>(place - before) / static_cast<double>(by_time[i]);
        seconds = low + (call_seconds[i] - low) * share;
        break;
    }
    // Up, but not for what a double makes of 0.075.
    const auto ms = static_cast<std::int64_t>(std::ceil(seconds * 1000 - 1e-6));
    return std::chrono::milliseconds{std::max<std::int64_t>(1, ms)};
}

}  // namespace payments
