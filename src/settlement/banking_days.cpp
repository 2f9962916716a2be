#include "settlement/banking_days.hpp"

#include <algorithm>
#include <array>

namespace payments::settlement {
namespace {

using std::chrono::month_day;

// Easter Sunday of the Gregorian calendar, by the "anonymous" method of Meeus, Jones and Butcher.
Day easter(std::chrono::year of) {
    const int year = static_cast<int>(of);
    const int golden = year % 19, century = year / 100, rest = year % 100;
    const int skipped = (century - (century + 8) / 25 + 1) / 3;
    const int epact = (19 * golden + century - century / 4 - skipped + 15) % 30;
    const int weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    const int correction = (golden + 11 * epact + 22 * weekday) / 451;
    const int number = epact + weekday - 7 * correction + 114;
    const auto month = static_cast<unsigned>(number / 31);
    const auto day = static_cast<unsigned>(number % 31 + 1);
    return Day{of / std::chrono::month{month} / std::chrono::day{day}};
}

constexpr month_day on(unsigned month, unsigned day) {
    return {std::chrono::month{month}, std::chrono::day{day}};
}
constexpr std::array fixed_holidays{on(1, 1),  on(3, 15),  on(5, 1),   on(8, 20), on(10, 23),
                                    on(11, 1), on(12, 24), on(12, 25), on(12, 26)};

}  // namespace

bool is_banking_day(Day day) {
    const std::chrono::weekday weekday{day};
    if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) return false;
    const std::chrono::year_month_day date{day};
    if (std::ranges::find(fixed_holidays, month_day{date.month(), date.day()}) !=
        fixed_holidays.end())
        return false;
    const auto sunday = easter(date.year());
    // Good Friday, Easter Monday, Whit Monday.
    return day != sunday - std::chrono::days{2} && day != sunday + std::chrono::days{1} &&
           day != sunday + std::chrono::days{50};
}

Day banking_days_from(Day day, int count) {
    const std::chrono::days step{count < 0 ? -1 : 1};
    while (count != 0) {
        day += step;
        if (is_banking_day(day)) count -= static_cast<int>(step.count());
    }
    return day;
}

}  // namespace payments::settlement
