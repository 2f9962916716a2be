#include "http/api/office/reading.hpp"

#include "support/text.hpp"
#include "support/times.hpp"

namespace payments::http {
namespace {

constexpr std::size_t moment_max = 64;
constexpr std::int64_t page_limit_max = 200;

}  // namespace

std::optional<Time> read_moment(
    Members& members, std::string_view name, const std::optional<TimeZone>& zone
) {
    if (members.find(name) == nullptr) return {};
    const auto text = members.text(name, moment_max);
    if (text.empty()) return {};
    constexpr std::string_view day = "2026-03-02";
    const bool is_day = text.size() == day.size();
    const auto moment = parse_time(is_day ? text + "T00:00:00Z" : text);
    if (!moment) {
        members.add(name, "must be a time such as 2026-03-02T12:00:00+01:00, or a day");
        return {};
    }
    if (!is_day) return moment;
    if (zone) return zone->start_of(std::chrono::floor<std::chrono::days>(*moment));
    members.add(name, "must be a time, for this service does not know its time zone's days");
    return {};
}

std::optional<std::int64_t> read_optional_id(Members& members, std::string_view name) {
    if (members.find(name) == nullptr) return {};
    return members.id(name);
}

std::size_t read_limit(Members& members, std::size_t otherwise) {
    if (members.find("limit") == nullptr) return otherwise;
    const auto limit = members.id("limit");
    if (limit > page_limit_max) members.add("limit", "must be at most 200");
    return static_cast<std::size_t>(std::clamp<std::int64_t>(limit, 1, page_limit_max));
}

std::string read_words(Members& members, std::string_view name, std::size_t length_max) {
    const auto given = members.text(name, length_max);
    const auto words = text::trim(given);
    if (words.empty() && !given.empty()) members.add(name, "must not be blank");
    return std::string{words};
}

}  // namespace payments::http
