#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/transaction.hpp"

namespace payments {

// A time zone of IANA's database, which counts days as people do: in autumn one has 25 hours. Never
// changes once made; any thread.
class TimeZone {
public:
    // The zone with this name ("Europe/Budapest"), as the system's tzdata has it. Nothing when
    // there is none, or when its file is none that parse() takes. Reads a file, so at the start.
    static std::optional<TimeZone> load(
        const std::string& name, const std::string& folder = "/usr/share/zoneinfo"
    );
    // The bytes of such a file (RFC 9636, versions 2 to 4).
    static std::optional<TimeZone> parse(std::string_view file);

    // The first moment of a day. Where clocks are put on at midnight, that is when they are.
    Time start_of(std::chrono::year_month_day day) const;
    // How much more than UTC clocks show at a moment; less where it is negative.
    std::chrono::seconds offset_at(Time moment) const {
        return offset_at(std::chrono::floor<std::chrono::seconds>(moment));
    }
    // The day that clocks show then.
    std::chrono::year_month_day day_of(Time moment) const {
        return std::chrono::floor<std::chrono::days>(moment + offset_at(moment));
    }

private:
    using Seconds = std::chrono::sys_seconds;

    // From `at` on, clocks show so much more than UTC.
    struct Change {
        Seconds at;
        std::chrono::seconds offset;
    };
    // "M3.5.0/2": the last Sunday in March, two hours after its midnight.
    struct Rule {
        unsigned month, week, weekday;  // week 5 is the last one
        std::chrono::seconds time;

        Seconds in(std::chrono::year year) const;  // without an offset
    };
    // What holds after the last change: the file's last line.
    struct Rest {
        std::chrono::seconds standard{}, summer{};
        std::optional<std::array<Rule, 2>> rules{};  // when summer begins and ends; none without it

        std::chrono::seconds offset_at(Seconds moment) const;
    };

    static std::optional<Rest> read_rest(std::string_view line);
    std::chrono::seconds offset_at(Seconds moment) const;

    std::chrono::seconds first_{};  // before the first change
    std::vector<Change> changes_;
    Rest rest_;
};

}  // namespace payments
