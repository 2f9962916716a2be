#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// What is said of one thing that was looked at (docs/operations.md, "Is it well?"): for people as a
// sentence in English, for pages as a code and what belongs into its sentence. Pure; any thread.
namespace payments {

enum class CheckState : std::uint8_t { good, warn, bad, unknown };  // unknown: could not be seen
std::string_view name(CheckState state);

// Of openapi.yaml, FindingCode. A code may be of several states: how much of a disk is free, say.
enum class FindingCode : std::uint8_t {
    database_well,
    database_failed,
    clock_agrees,
    clock_ahead,
    clock_behind,
    answers,
    silent,
    keys_well,
    key_wrong,
    mode_live,
    mode_test,
    mode_mixed,
    endpoint_well,
    endpoint_unknown,
    endpoint_disabled,
    endpoint_missing,
    endpoint_lacks,
    public_well,
    public_failed,
    public_other_commit,
    disk_free,
    events_told,
    events_off,
    events_given_up,
    events_late,
    replicas_silent,
    replicas_versions,
    replicas_settings,
    replicas_alike,
    key_sets_read,
    key_set_old,
    calls_made,
    backup_never,
    backup_noted,
    ledger_never,
    ledger_agrees,
    ledger_differs,
    sums_whole,
    sums_lack_some,
    erasing_done,
    erasing_late,
};
inline constexpr std::size_t finding_codes =
    static_cast<std::size_t>(FindingCode::erasing_late) + 1;
std::string_view name(FindingCode code);

// What belongs into a sentence, by its name: numbers (of things, of milliseconds and seconds where
// the name ends so), addresses, and the words of others, which are English.
using FindingFacts = std::vector<std::pair<std::string, std::variant<std::int64_t, std::string>>>;

struct Finding {
    std::string name;  // of openapi.yaml, HealthCheck
    CheckState state;
    FindingCode code;
    FindingFacts with;
    std::string sentence;
    std::string advice;  // one line; "" when it is good
};
Finding good_news(std::string name, FindingCode code, FindingFacts with, std::string sentence);

// "1 event", "3 events".
std::string count_of(std::int64_t count, const std::string& what);
// "3 hours", rounded down; what is yet to come is "0 seconds" old.
std::string age_of(std::chrono::milliseconds age);

// The clock of `replica`, which is this one where that is empty, and that of `address`, which is
// the database where that is.
Finding judge_clock(
    std::string name, const std::string& replica, const std::string& address,
    std::chrono::milliseconds ahead
);

}  // namespace payments
