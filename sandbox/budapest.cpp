#include "sandbox/budapest.hpp"

#include <chrono>
#include <cstdio>

namespace payments::sandbox {

using namespace std::chrono;

namespace {
bool is_summer(sys_seconds utc) {
    const auto this_year = year_month_day{floor<days>(utc)}.year();
    const sys_seconds begin = sys_days{this_year / March / Sunday[last]} + 1h;
    const sys_seconds end = sys_days{this_year / October / Sunday[last]} + 1h;
    return begin <= utc && utc < end;
}
}  // namespace

std::string budapest_time(Time time, bool colon) {
    const auto utc = floor<seconds>(time);
    const int offset_h = is_summer(utc) ? 2 : 1;
    const auto local = utc + hours{offset_h};
    const year_month_day date{floor<days>(local)};
    const hh_mm_ss clock{local - floor<days>(local)};
    char text[48];
    std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d+0%d%s00", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), offset_h, colon ? ":" : ""
    );
    return text;
}

}  // namespace payments::sandbox
