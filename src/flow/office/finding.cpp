#include "flow/office/finding.hpp"

#include <algorithm>
#include <array>

namespace payments {
namespace {

using namespace std::chrono_literals;

// Tokens and signatures count with a minute of leeway, Stripe's signatures with five.
constexpr auto clock_warn = 2s;
constexpr auto clock_bad = 30s;

constexpr std::string_view code_names[] = {
    "database_well",
    "database_failed",
    "clock_agrees",
    "clock_ahead",
    "clock_behind",
    "answers",
    "silent",
    "keys_well",
    "key_wrong",
    "mode_live",
    "mode_test",
    "mode_mixed",
    "endpoint_well",
    "endpoint_unknown",
    "endpoint_disabled",
    "endpoint_missing",
    "endpoint_lacks",
    "public_well",
    "public_failed",
    "public_other_commit",
    "disk_free",
    "events_told",
    "events_off",
    "events_given_up",
    "events_late",
    "replicas_silent",
    "replicas_versions",
    "replicas_settings",
    "replicas_alike",
    "key_sets_read",
    "key_set_old",
    "calls_made",
    "backup_never",
    "backup_noted",
    "ledger_never",
    "ledger_agrees",
    "ledger_differs",
    "sums_whole",
    "sums_lack_some",
    "erasing_done",
    "erasing_late",
};
static_assert(std::size(code_names) == finding_codes);

std::string seconds_of(std::chrono::milliseconds time) {
    const auto tenths = std::chrono::abs(time) / 100ms;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace

std::string_view name(CheckState state) {
    constexpr std::array<std::string_view, 4> names{"good", "warn", "bad", "unknown"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view name(FindingCode code) { return code_names[static_cast<std::size_t>(code)]; }

Finding good_news(std::string name, FindingCode code, FindingFacts with, std::string sentence) {
    return {std::move(name), CheckState::good, code, std::move(with), std::move(sentence), ""};
}

std::string count_of(std::int64_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string age_of(std::chrono::milliseconds age) {
    age = std::max(age, 0ms);
    if (age < 2min) return count_of(age / 1s, "second");
    if (age < 2h) return count_of(age / 1min, "minute");
    if (age < 48h) return count_of(age / 1h, "hour");
    return count_of(age / 24h, "day");
}

Finding judge_clock(
    std::string name, const std::string& replica, const std::string& address,
    std::chrono::milliseconds ahead
) {
    const auto ours = replica.empty() ? "our clock" : "the clock of " + replica;
    const auto other = address.empty() ? "the database" : address;
    const auto off = std::chrono::abs(ahead);
    FindingFacts with{{"replica", replica}, {"address", address}, {"by_ms", off.count()}};
    if (off < clock_warn)
        return good_news(
            std::move(name), FindingCode::clock_agrees, std::move(with),
            ours + " and that of " + other + " agree"
        );
    return {
        std::move(name),
        off < clock_bad ? CheckState::warn : CheckState::bad,
        ahead > 0ms ? FindingCode::clock_ahead : FindingCode::clock_behind,
        std::move(with),
        ours + " is " + seconds_of(ahead) + (ahead > 0ms ? " ahead of" : " behind") + " that of " +
            other,
        "See that the clock of that machine is kept by NTP (timedatectl)."};
}

}  // namespace payments
