#include "flow/office/records.hpp"

#include <charconv>

namespace payments {

std::string ActionPlace::text() const {
    return std::to_string(at.time_since_epoch().count()) + "-" + std::to_string(id);
}

std::optional<ActionPlace> ActionPlace::parse(std::string_view text) {
    std::int64_t ms = 0, id = 0;
    const auto* end = text.data() + text.size();
    const auto [dash, wrong_time] = std::from_chars(text.data(), end, ms);
    if (wrong_time != std::errc{} || dash == end || *dash != '-' || ms < 0) return {};
    const auto [rest, wrong_id] = std::from_chars(dash + 1, end, id);
    if (wrong_id != std::errc{} || rest != end || id < 1) return {};
    return ActionPlace{Time{std::chrono::milliseconds{ms}}, id};
}

}  // namespace payments
