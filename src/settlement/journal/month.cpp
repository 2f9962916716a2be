#include "settlement/journal/month.hpp"

#include "settlement/readers/days.hpp"

namespace payments::settlement::journal {

std::optional<Month> read_month(std::string_view text) {
    if (text.size() != 7 || text[0] == '0' || text.starts_with("9999")) return std::nullopt;
    const auto first = read_day_of_time(std::string{text} + "-01");
    if (!first) return std::nullopt;
    const std::chrono::year_month_day date{*first};
    return Month{date.year(), date.month()};
}

std::string month_text(Month month) {
    const auto number = static_cast<unsigned>(month.month());
    return std::to_string(static_cast<int>(month.year())) + (number < 10 ? "-0" : "-") +
           std::to_string(number);
}

Period period_of(Month month) {
    const auto next = month + std::chrono::months{1};
    return {Day{month / std::chrono::day{1}}, Day{next / std::chrono::day{1}}};
}

std::vector<Knowledge> knowledge_for(
    const Period& period, std::span<const MonthClosing> closings, const Knowledge& now
) {
    std::vector<Knowledge> known;
    for (const auto& closing : closings) {
        const auto end = *period_of(closing.month).to;
        // Of what ends before the period only the last one counts: all of it is carried on.
        if (period.from && end <= *period.from) known.clear();
        known.push_back({closing.at, closing.files, end});
        if (period.to && *period.to <= end) return known;
    }
    known.push_back(now);
    return known;
}

}  // namespace payments::settlement::journal
