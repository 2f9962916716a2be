#include "support/buckets.hpp"

#include <algorithm>
#include <optional>

namespace payments {
namespace {

using namespace std::chrono_literals;
namespace chrono = std::chrono;

// Where hours begin depends on the offset, which may change by less than an hour, so it is looked
// at in every quarter of one.
std::vector<Bucket> cut_hours(Time from, Time to, const TimeZone& zone) {
    std::vector<Bucket> hours;
    std::optional<std::pair<Time, chrono::seconds>> current;  // as clocks show it
    for (auto at = from; at < to; at += 15min) {
        const auto offset = zone.offset_at(at);
        const std::pair<Time, chrono::seconds> shown{
            chrono::floor<chrono::hours>(at + offset), offset};
        if (shown != current) hours.push_back({at, at});
        current = shown;
        hours.back().to = std::min(Time{at + 15min}, to);
    }
    return hours;
}

std::vector<Bucket> cut_days(Time from, Time to, BucketSize size, const TimeZone& zone) {
    const auto next_of = [&](Time at) {
        const auto day = zone.day_of(at);
        if (size == BucketSize::day) return zone.start_of(chrono::sys_days{day} + chrono::days{1});
        return zone.start_of((day.year() / day.month() + chrono::months{1}) / 1);
    };
    std::vector<Bucket> days;
    for (auto at = from; at < to; at = days.back().to)
        days.push_back({at, std::min(next_of(at), to)});
    return days;
}

}  // namespace

std::vector<Bucket> cut(Time from, Time to, BucketSize size, const TimeZone& zone) {
    if (size == BucketSize::hour) return cut_hours(from, to, zone);
    if (size != BucketSize::minute) return cut_days(from, to, size, zone);
    return cut_minutes(from, to);
}

DaysBetween days_of(const TimeZone& zone) {
    return [&zone](Time from, Time until) {
        const auto month_of = [](chrono::year_month_day day) {
            return chrono::sys_days{day.year() / day.month() / 1};
        };
        const auto first = zone.day_of(from), last = zone.day_of(until);
        auto list = cut_days(
            zone.start_of(month_of(first)), zone.start_of(month_of(last)), BucketSize::month, zone
        );
        const auto days =
            cut_days(zone.start_of(first), zone.start_of(last), BucketSize::day, zone);
        list.insert(list.end(), days.begin(), days.end());
        return list;
    };
}

std::vector<Bucket> cut_minutes(Time from, Time to) {
    std::vector<Bucket> minutes;
    for (auto at = from; at < to; at += 1min) minutes.push_back({at, at + 1min});
    return minutes;
}

}  // namespace payments
