#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/office/finding.hpp"
#include "flow/office/health_records.hpp"
#include "flow/subscriber.hpp"
#include "payment/fact.hpp"

// Whether this installation is well, judged by what was measured of it (docs/operations.md, "Is it
// well?"): the same for getHealth and for `ozora-payments doctor`. Measuring is done elsewhere
// (app/measure, flow/office/look_at_database); this is pure, and safe on any thread.
namespace payments {

// An address outside that was asked.
struct AskedOutside {
    std::string name;          // "simplepay"
    std::string address;       // its host, for people
    std::string why_not;       // there was no answer; "" when there was one
    bool is_needed = true;     // payments do not go without it
    std::optional<Time> date;  // by its own clock; nothing when it does not say
    Time asked_at{};           // by ours, when the answer came
};

struct MeasuredKeys {
    bool has_simplepay = false, has_stripe = false;
    bool simplepay_is_live = false, stripe_is_live = false;
};

// Settings of Stripe's that send its events here.
struct MeasuredEndpoint {
    std::string why_unknown;         // the list could not be read; "" when it was
    bool is_there = false;           // one leads to our address
    bool is_enabled = false;         // and Stripe sends to it
    std::vector<std::string> lacks;  // events that it does not send and we act on
};

// What the database says, as far as it was asked.
struct DatabaseLook {
    std::string failure{};  // why it cannot be used; "" when it is reachable, writable and migrated
    std::optional<std::chrono::milliseconds> answered_in{};
    // By how much our clock is ahead of its clock; nothing where both are one machine's.
    std::optional<std::chrono::milliseconds> ahead{};
    std::optional<Backlog> backlog{};
    std::optional<bool> is_every_payment_summed{};
    std::optional<HealthRecord> record{};
};

struct Measurements {
    Time at{};
    DatabaseLook database{};
    std::vector<AskedOutside> outsides{};
    MeasuredKeys keys{};
    // What is wrong with the files of keys: sentences that name the setting.
    std::vector<std::string> wrong_keys{};
    std::optional<MeasuredEndpoint> stripe_endpoint{};  // nothing without Stripe, or a public URL
    std::string public_url{};                           // "" when it is not set
    std::string public_failure{};                       // why it does not answer as ours; ""
    std::string public_commit{}, our_commit{};          // "" when it is not told
    struct Disk {
        std::int64_t free_bytes, size_bytes;
    };
    std::optional<Disk> disk{};  // of SQLite's file
    bool tells_others = false;
};

// Calls of so long are judged together.
inline constexpr std::chrono::minutes calls_judged_for{15};
// Who has not been heard of for so long does not run: it beats once a minute.
inline constexpr std::chrono::minutes silent_replica_after{3};
bool is_alive(const Replica& replica, Time now);

// Whether all that are alive are the same in this.
bool are_alike(const std::vector<Replica>& replicas, Time now, std::string Replica::*what);

// When a set of keys that verify tokens was last read.
struct KeysRead {
    std::string name;  // "users", "services"
    Time at;
};

// What getHealth tells.
struct HealthReport {
    std::string version{}, commit{};
    bool is_postgres = false;
    std::vector<KeysRead> keys{};
    Measurements measured{};
    HealthRecord record{};  // while the database says nothing: of this replica alone
};

// One for each thing that was looked at, those that need somebody first.
std::vector<Finding> judge(const Measurements& measured);

// The worst of them: bad, then unknown, then warn.
CheckState worst(const std::vector<Finding>& findings);

}  // namespace payments
