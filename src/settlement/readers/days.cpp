#include "settlement/readers/days.hpp"

namespace payments::settlement {

std::optional<int> read_whole(std::string_view digits) {
    if (digits.empty() || digits.size() > 9) return {};
    int number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return {};
        number = number * 10 + (c - '0');
    }
    return number;
}

std::optional<Day> read_day(std::string_view digits) {
    const auto number = digits.size() == 8 ? read_whole(digits) : std::nullopt;
    if (!number) return {};
    const std::chrono::year_month_day day{
        std::chrono::year{*number / 10'000},
        std::chrono::month{static_cast<unsigned>(*number / 100 % 100)},
        std::chrono::day{static_cast<unsigned>(*number % 100)}};
    if (!day.ok()) return {};
    return Day{day};
}

std::optional<Day> read_day_of_time(std::string_view text) {
    const bool is_alone = text.size() == 10;
    if (text.size() < 10 || text[4] != '-' || text[7] != '-') return {};
    if (!is_alone && text[10] != 'T' && text[10] != ' ' && text[10] != 'Z' && text[10] != '+' &&
        text[10] != '-')
        return {};
    return read_day(
        std::string{text.substr(0, 4)}.append(text.substr(5, 2)).append(text.substr(8, 2))
    );
}

}  // namespace payments::settlement
