#include "support/times.hpp"

#include <algorithm>

namespace payments {
namespace {

namespace chrono = std::chrono;

// Reads a timestamp from left to right; every step says whether it fitted.
struct Reader {
    std::string_view rest;

    std::optional<int> digits(std::size_t count) {
        if (rest.size() < count) return std::nullopt;
        int value = 0;
        for (char c : rest.substr(0, count)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest.remove_prefix(count);
        return value;
    }
    bool skip(std::string_view any_of) {
        if (rest.empty() || any_of.find(rest.front()) == any_of.npos) return false;
        rest.remove_prefix(1);
        return true;
    }
};

std::optional<chrono::sys_days> read_date(Reader& in) {
    const auto year = in.digits(4);
    if (!year || !in.skip("-")) return std::nullopt;
    const auto month = in.digits(2);
    if (!month || !in.skip("-")) return std::nullopt;
    const auto day = in.digits(2);
    if (!day) return std::nullopt;
    const chrono::year_month_day date{
        chrono::year{*year}, chrono::month(static_cast<unsigned>(*month)),
        chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return chrono::sys_days{date};
}

// Digits after the third are cut off, not rounded: rounding .9996 up would be the next second.
std::optional<chrono::milliseconds> read_fraction(Reader& in) {
    if (!in.skip(".,")) return chrono::milliseconds{0};
    int milliseconds = 0, weight = 100;
    auto digit = in.digits(1);
    if (!digit) return std::nullopt;
    for (; digit; digit = in.digits(1), weight /= 10) milliseconds += *digit * weight;
    return chrono::milliseconds{milliseconds};
}

std::optional<chrono::milliseconds> read_time_of_day(Reader& in) {
    const auto hour = in.digits(2);
    if (!hour || *hour > 23 || !in.skip(":")) return std::nullopt;
    const auto minute = in.digits(2);
    if (!minute || *minute > 59 || !in.skip(":")) return std::nullopt;
    const auto second = in.digits(2);
    if (!second || *second > 59) return std::nullopt;
    const auto fraction = read_fraction(in);
    if (!fraction) return std::nullopt;
    return chrono::hours{*hour} + chrono::minutes{*minute} + chrono::seconds{*second} + *fraction;
}

// How far local time is ahead of UTC.
std::optional<chrono::minutes> read_offset(Reader& in) {
    if (in.skip("Zz")) return chrono::minutes{0};
    const bool behind = in.rest.starts_with('-');
    if (!in.skip("+-")) return std::nullopt;
    const auto hours = in.digits(2);
    if (!hours || *hours > 23) return std::nullopt;
    // SimplePay's older samples leave it out (docs/providers/simplepay.md, 3.4).
    in.skip(":");
    const auto minutes = in.digits(2);
    if (!minutes || *minutes > 59) return std::nullopt;
    const auto offset = chrono::hours{*hours} + chrono::minutes{*minutes};
    return behind ? -offset : offset;
}

// Overwrites `width` digits at `at`. By hand, because a notification needs several times and printf
// takes ten times as long.
void write_digits(std::string& text, std::size_t at, std::size_t width, std::int64_t number) {
    for (auto i = at + width; i > at; number /= 10)
        text[--i] = static_cast<char>('0' + number % 10);
}

// 2026-03-02T09:21:09; years of four digits.
std::string seconds_text(Time time) {
    const auto days = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date{days};
    const chrono::hh_mm_ss clock{chrono::floor<chrono::seconds>(time - days)};
    std::string text = "0000-00-00T00:00:00";
    write_digits(text, 0, 4, std::max(int{date.year()}, 0));
    write_digits(text, 5, 2, unsigned{date.month()});
    write_digits(text, 8, 2, unsigned{date.day()});
    write_digits(text, 11, 2, clock.hours().count());
    write_digits(text, 14, 2, clock.minutes().count());
    write_digits(text, 17, 2, clock.seconds().count());
    return text;
}

// One of twelve names of three letters, 1 for Jan.
std::optional<unsigned> read_month(Reader& in) {
    constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto place = names.find(in.rest.substr(0, 3));
    if (in.rest.size() < 3 || place == names.npos || place % 3 != 0) return std::nullopt;
    in.rest.remove_prefix(3);
    return static_cast<unsigned>(place / 3 + 1);
}

}  // namespace

std::string rfc3339(Time time) {
    auto text = seconds_text(time) + ".000Z";
    write_digits(text, 20, 3, (time - chrono::floor<chrono::seconds>(time)).count());
    return text;
}

std::string rfc3339(Time time, chrono::seconds offset) {
    const auto minutes = chrono::abs(chrono::floor<chrono::minutes>(offset)).count();
    auto text = seconds_text(time + offset) + (offset < chrono::seconds{0} ? "-" : "+") + "00:00";
    write_digits(text, 20, 2, minutes / 60);
    write_digits(text, 23, 2, minutes % 60);
    return text;
}

std::optional<Time> parse_time(std::string_view text) {
    Reader in{text};
    const auto date = read_date(in);
    if (!date || !in.skip("Tt")) return std::nullopt;
    const auto time_of_day = read_time_of_day(in);
    if (!time_of_day) return std::nullopt;
    const auto offset = read_offset(in);
    if (!offset || !in.rest.empty()) return std::nullopt;
    return *date + *time_of_day - *offset;
}

std::string iso8601_seconds(Time time) { return seconds_text(time) + "+00:00"; }

std::optional<Time> parse_http_date(std::string_view text) {
    constexpr std::string_view day_names = "Mon,Tue,Wed,Thu,Fri,Sat,Sun,";
    const auto name = day_names.find(text.substr(0, 4));
    if (text.size() < 4 || name == day_names.npos || name % 4 != 0) return std::nullopt;
    Reader in{text.substr(4)};
    if (!in.skip(" ")) return std::nullopt;
    const auto day = in.digits(2);
    if (!day || !in.skip(" ")) return std::nullopt;
    const auto month = read_month(in);
    if (!month || !in.skip(" ")) return std::nullopt;
    const auto year = in.digits(4);
    if (!year || !in.skip(" ")) return std::nullopt;
    const chrono::year_month_day date{
        chrono::year{*year}, chrono::month{*month}, chrono::day{static_cast<unsigned>(*day)}};
    const auto time = read_time_of_day(in);
    if (!date.ok() || !time || in.rest != " GMT") return std::nullopt;
    return Time{chrono::sys_days{date}} + *time;
}

}  // namespace payments
