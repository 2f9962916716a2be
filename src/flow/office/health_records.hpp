#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "flow/office/call_counts.hpp"
#include "flow/task.hpp"
#include "payment/fact.hpp"

// What the database keeps of how the installation is: what replicas say of themselves, and what was
// done to keep the data safe (docs/operations.md, "Is it well?"). Nothing of it is needed for
// payments. As of Store: calls return when a change is on disk, throw StoreDown, and belong to one
// event loop.
namespace payments {

// A process that serves, as it told of itself last.
struct Replica {
    std::string name;  // host and process: "pay1:4242"
    std::string version, commit;
    std::string settings;  // Settings::fingerprint
    Time started_at{};
    Time seen_at{};                                    // when it told this
    std::optional<std::chrono::milliseconds> ahead{};  // of the database's clock
    Time keys_read_at{};                               // of the keys of tokens it uses, the older
    std::string keys_trouble{};  // why they could not be read again; "" when they could
    // When it took the newest message that the provider had signed.
    std::optional<Time> signed_by_simplepay{}, signed_by_stripe{};
};

struct Heartbeat {
    Replica replica;
    std::vector<OutsideCalls> calls{};  // since the one before
};

// A run of verify-ledger that read the books to their end.
struct LedgerCheck {
    Time at;  // of its end
    std::int64_t transactions = 0;
    std::int64_t differences = 0;
    std::string first_difference{};  // "TR5: ..."; "" for none
};

// Personal data whose time has come (docs/personal_data.md, 5).
struct ErasingRecord {
    std::optional<Time> round_at{};  // when all that was due was erased last
    std::int64_t waiting = 0;        // payments that are to be erased
};

struct HealthRecord {
    std::vector<Replica> replicas{};    // heard of last first
    std::vector<OutsideCalls> calls{};  // of all replicas together
    std::optional<Time> signed_by_simplepay{}, signed_by_stripe{};
    std::optional<LedgerCheck> ledger{};  // the newest
    std::optional<Time> backup_at{};      // as it was noted
    std::optional<ErasingRecord> erasing{};
};

struct HealthRecords {
    virtual ~HealthRecords() = default;

    static constexpr int replicas_max = 50;  // more are not listed

    // By the clock of the database; nothing where that is this machine's.
    virtual Task<std::optional<Time>> database_time() = 0;
    virtual Task<void> beat(Heartbeat heartbeat) = 0;
    // Deletes heartbeats of before then, at most `limit`, and replicas that were not heard of
    // since. Returns how many heartbeats.
    virtual Task<std::int64_t> forget_heartbeats(Time before, int limit) = 0;
    virtual Task<void> note_ledger_check(LedgerCheck check) = 0;
    virtual Task<void> note_backup(Time at) = 0;
    // Calls that were told of since then, replicas that were heard of since then.
    virtual Task<HealthRecord> health_record(Time calls_since, Time heard_since) = 0;
};

}  // namespace payments
