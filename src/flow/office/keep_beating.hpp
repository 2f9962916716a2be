#pragma once

#include <functional>

#include "flow/flow_context.hpp"
#include "flow/office/health_records.hpp"

// A replica's heartbeat (docs/operations.md, "Is it well?"): once a minute it tells in the database
// that it runs, as what, and how those answer whom it asks. On the loop of `context`.
namespace payments {

inline constexpr std::chrono::minutes beat_interval{1};
inline constexpr std::chrono::hours heartbeats_kept_for{24 * 7};

// What the process knows of itself. Called on the loop.
struct Pulse {
    std::function<Replica()> replica;                  // `seen_at` and `ahead` are not looked at
    std::function<std::vector<OutsideCalls>()> calls;  // all since it began
};

// Those who beat know what they have told already.
class Heart {
public:
    explicit Heart(Pulse pulse) : pulse_(std::move(pulse)) {}

    // Tells once. What was counted since the last time is told again when it could not be kept.
    // Throws as HealthRecords does.
    Task<void> beat(FlowContext& context, HealthRecords& records);

private:
    Pulse pulse_;
    std::vector<OutsideCalls> told_{};
};

// Until the loop stops. Once an hour it deletes what is older than heartbeats_kept_for, in small
// commits.
Task<void> keep_beating(FlowContext& context, HealthRecords& records, Pulse pulse);

}  // namespace payments
