#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/fact.hpp"

// Whether this installation is well, judged by what was measured of it (docs/operations.md).
// Measuring is done elsewhere; this is pure, and safe on any thread.
namespace payments {

enum class CheckState : std::uint8_t { good, warn, bad, unknown };  // unknown: could not be seen
std::string_view name(CheckState state);

struct Finding {
    std::string name;
    CheckState state;
    std::string sentence;
    std::string advice;  // one line; "" when it is good
};

// An address outside that was asked.
struct AskedOutside {
    std::string name;          // "SimplePay"
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

struct Measurements {
    // Why the database cannot be used; "" when it is reachable, writable and migrated.
    std::string database_failure;
    // By how much our clock is ahead of the database's; nothing where both are one machine's.
    std::optional<std::chrono::milliseconds> ahead_of_database;
    std::vector<AskedOutside> outsides;
    MeasuredKeys keys;
    // What is wrong with the files of keys: sentences that name the setting.
    std::vector<std::string> wrong_keys;
    std::optional<MeasuredEndpoint> stripe_endpoint;  // nothing without Stripe, or a public URL
    std::string public_url;                           // "" when it is not set
    std::string public_failure;                       // why it does not answer as ours; ""
    std::string public_commit, our_commit;            // "" when it is not told
    struct Disk {
        std::int64_t free_bytes, size_bytes;
    };
    std::optional<Disk> disk;  // of SQLite's file
    bool tells_others = false;
    std::optional<std::int64_t> events_waiting, events_dead;  // nothing without the database
    std::optional<std::chrono::milliseconds> oldest_event;
};

// One for each thing that was looked at, those that need somebody first.
std::vector<Finding> judge(const Measurements& measured);

// The worst of them: bad, then unknown, then warn.
CheckState worst(const std::vector<Finding>& findings);

}  // namespace payments
