#include "sandbox/stripe/versions.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace payments::sandbox::stripe {
namespace {

constexpr std::string_view oldest_version_day = "2011-01-01";
constexpr std::string_view newest_version_day = "2026-10-28";

struct NamedVersions {
    std::string_view first_month, name;
};
constexpr NamedVersions named_versions[] = {
    {"2026-09", "endive"}, {"2026-03", "dahlia"}, {"2025-09", "clover"},
    {"2025-03", "basil"},  {"2024-09", "acacia"},
};

bool is_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto number = [&](std::size_t from, std::size_t count) {
        int value = 0;
        for (const char c : text.substr(from, count)) {
            value = c >= '0' && c <= '9' && value >= 0 ? value * 10 + (c - '0') : -1;
        }
        return value;
    };
    const auto year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (year < 0 || month < 0 || day < 0) return false;
    return std::chrono::year_month_day{
        std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
        std::chrono::day{static_cast<unsigned>(day)}}
        .ok();
}

}  // namespace

bool is_version(std::string_view text) {
    const auto day = text.substr(0, text.find('.'));
    const auto name = text.substr(std::min(day.size() + 1, text.size()));
    // Text compares as days do.
    if (!is_day(day) || day < oldest_version_day || day > newest_version_day) return false;
    const auto* const its = std::find_if(
        std::begin(named_versions), std::end(named_versions),
        [&](const NamedVersions& named) { return day.substr(0, 7) >= named.first_month; }
    );
    if (its == std::end(named_versions)) return text == day;
    return name == its->name || name == "preview";
}

}  // namespace payments::sandbox::stripe
