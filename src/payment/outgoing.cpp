#include "payment/outgoing.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace payments {
namespace {

using namespace std::chrono_literals;

// After so many failures; 72 hours and 52 minutes in all.
constexpr std::array<std::chrono::seconds, 15> retry_waits{
    5s, 30s, 2min, 5min, 15min, 30min, 1h, 2h, 4h, 8h, 12h, 12h, 12h, 12h, 9h};
constexpr std::chrono::seconds asked_wait_max = 1h;

constexpr std::string_view event_prefix = "evt_";
constexpr std::string_view settlement_prefix = "evt_settlement_";
// 48 bits of milliseconds last beyond the year 10 000, so ids keep their length.
constexpr std::size_t digits = 12;  // at least, of each number

std::string hex(std::int64_t number) {
    std::array<char, 16> text{};
    const auto [end, error] = std::to_chars(
        text.data(), text.data() + text.size(), static_cast<std::uint64_t>(number), 16
    );
    const auto length = static_cast<std::size_t>(end - text.data());
    return std::string(length < digits ? digits - length : 0, '0') + std::string(text.data(), end);
}

std::optional<std::int64_t> unhex(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0) return {};
    return number;
}

}  // namespace

std::string_view event_type(TransactionState before, TransactionState after) {
    const bool same =
        before.status == after.status && before.refunded_minor == after.refunded_minor;
    if (same) return "";
    switch (after.status) {
        case Status::paid:
            return "payment.paid";
        case Status::failed:
        case Status::cancelled:
        case Status::expired:
            return "payment.failed";
        case Status::partially_refunded:
        case Status::refunded:
            return "payment.refunded";
        case Status::disputed:
            return "payment.disputed";
        case Status::review:
            return "payment.review";
        // An attempt that is still under way is nobody else's concern.
        default:
            return "";
    }
}

std::string EventId::text() const {
    return std::string{event_prefix} + hex(opened_at.time_since_epoch().count()) + hex(number);
}

std::optional<EventId> EventId::parse(std::string_view text) {
    if (!text.starts_with(event_prefix) || text.size() < event_prefix.size() + 2 * digits)
        return {};
    const auto opened_at = unhex(text.substr(event_prefix.size(), digits));
    const auto number = unhex(text.substr(event_prefix.size() + digits));
    if (!opened_at || !number) return {};
    const EventId name{*number, Time{std::chrono::milliseconds{*opened_at}}};
    if (name.text() != text) return {};  // upper case, or zeros too many
    return name;
}

std::string SettlementEventId::text() const {
    return std::string{settlement_prefix} + std::to_string(at.time_since_epoch().count()) + "_" +
           std::to_string(number);
}

std::optional<SettlementEventId> SettlementEventId::parse(std::string_view text) {
    if (!text.starts_with(settlement_prefix)) return {};
    const auto* end = text.data() + text.size();
    std::int64_t at_ms = 0, number = 0;
    const auto at = std::from_chars(text.data() + settlement_prefix.size(), end, at_ms);
    if (at.ec != std::errc{} || at.ptr == end) return {};
    const auto rest = std::from_chars(at.ptr + 1, end, number);
    if (rest.ec != std::errc{}) return {};
    const SettlementEventId id{number, Time{std::chrono::milliseconds{at_ms}}};
    if (id.text() != text) return {};  // another sign between them, zeros too many
    return id;
}

DeliveryOutcome outcome_of_attempt(int failed_tries, const DeliveryAttempt& delivery, Time now) {
    using enum DeliveryOutcome::Kind;
    if (delivery.delivered) return {delivered, now};

    const auto tries = static_cast<std::size_t>(std::max(failed_tries, 0));
    // Failures are counted, not days: an outage of our own takes no try from an event.
    if (tries >= retry_waits.size()) return {dead, now, {}, delivery.reason};
    const auto asked = std::min(delivery.asked_to_wait, asked_wait_max);
    return {failed, now, now + std::max(retry_waits[tries], asked), delivery.reason};
}

}  // namespace payments
