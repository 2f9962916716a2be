#pragma once

#include <string>
#include <string_view>

#include "flow/office/health_records.hpp"

// How the installation is, as both stores keep it: the statements, in what both databases take
// (parameters in the order of their first use), and their rows. Free of state; any thread.
namespace payments::ledger {

// A replica that begins again under its name knows of no message yet, but somebody took one.
inline constexpr std::string_view keep_replica =
    "INSERT INTO replicas (replica, version, build_commit, settings, started_at, seen_at, ahead_ms,"
    " keys_read_at, keys_trouble, signed_simplepay, signed_stripe)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    " ON CONFLICT (replica) DO UPDATE SET version = excluded.version,"
    " build_commit = excluded.build_commit, settings = excluded.settings,"
    " started_at = excluded.started_at, seen_at = excluded.seen_at, ahead_ms = excluded.ahead_ms,"
    " keys_read_at = excluded.keys_read_at, keys_trouble = excluded.keys_trouble,"
    " signed_simplepay = coalesce(excluded.signed_simplepay, replicas.signed_simplepay),"
    " signed_stripe = coalesce(excluded.signed_stripe, replicas.signed_stripe)";
inline constexpr std::string_view keep_calls =
    "INSERT INTO heartbeats (at, replica, outside, calls, unanswered, times)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

// `locking` is what a database with row locks needs, so that two who delete do not wait for one
// another.
inline std::string forget_calls(std::string_view locking = "") {
    return "DELETE FROM heartbeats WHERE (at, replica, outside) IN (SELECT at, replica, outside"
           " FROM heartbeats WHERE at < $1 ORDER BY at LIMIT $2" +
           std::string{locking} + ")";
}
inline std::string forget_replicas(std::string_view locking = "") {
    return "DELETE FROM replicas WHERE replica IN (SELECT replica FROM replicas WHERE seen_at < $1"
           " LIMIT $2" +
           std::string{locking} + ")";
}

inline constexpr std::string_view keep_upkeep =
    "INSERT INTO upkeep (kind, at, transactions, differences, detail) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT DO NOTHING";

inline constexpr std::string_view select_replicas =
    "SELECT replica, version, build_commit, settings, started_at, seen_at, ahead_ms, keys_read_at,"
    " keys_trouble, signed_simplepay, signed_stripe FROM replicas WHERE seen_at >= $1"
    " ORDER BY seen_at DESC, replica LIMIT $2";
inline constexpr std::string_view select_signed =
    "SELECT max(signed_simplepay), max(signed_stripe) FROM replicas";
inline constexpr std::string_view select_calls =
    "SELECT outside, calls, unanswered, times FROM heartbeats WHERE at >= $1";
inline constexpr std::string_view select_upkeep =
    "SELECT at, transactions, differences, detail FROM upkeep WHERE kind = $1"
    " ORDER BY at DESC LIMIT 1";

inline constexpr std::string_view select_erasing =
    "SELECT round_at, (SELECT count(*) FROM erasures WHERE try_at IS NOT NULL) FROM retention";

inline constexpr std::string_view of_ledger = "ledger", of_backup = "backup";

// "0 0 3 9": how many calls fell between which bounds, up to the last of which there was one.
std::string times_text(const CallCounts& counts);
// Of a row; what another version may have written beyond our bounds counts as longer than all.
CallCounts call_counts(std::int64_t calls, std::int64_t unanswered, std::string_view times);
// Adds them to those of the same outside.
void add_calls(HealthRecord& record, std::string outside, const CallCounts& counts);

// Calls `run(statement, parameters...)` with each that keeps `heartbeat`.
template <class Run>
void keep_heartbeat(const Heartbeat& heartbeat, Run run) {
    const auto& replica = heartbeat.replica;
    const auto ahead_ms =
        replica.ahead ? std::optional<std::int64_t>{replica.ahead->count()} : std::nullopt;
    run(keep_replica, replica.name, replica.version, replica.commit, replica.settings,
        replica.started_at, replica.seen_at, ahead_ms, replica.keys_read_at, replica.keys_trouble,
        replica.signed_by_simplepay, replica.signed_by_stripe);
    for (const auto& [outside, counts] : heartbeat.calls)
        run(keep_calls, replica.seen_at, replica.name, outside, counts.calls, counts.unanswered,
            times_text(counts));
}

template <class Row>
Replica replica_of(const Row& row) {
    Replica replica;
    replica.name = row.text(0);
    replica.version = row.text(1);
    replica.commit = row.text(2);
    replica.settings = row.text(3);
    replica.started_at = row.time(4);
    replica.seen_at = row.time(5);
    if (!row.is_null(6)) replica.ahead = std::chrono::milliseconds{row.integer(6)};
    replica.keys_read_at = row.time(7);
    replica.keys_trouble = row.text(8);
    replica.signed_by_simplepay = row.time_or_null(9);
    replica.signed_by_stripe = row.time_or_null(10);
    return replica;
}

template <class Row>
void take_signed(HealthRecord& record, const Row& row) {
    record.signed_by_simplepay = row.time_or_null(0);
    record.signed_by_stripe = row.time_or_null(1);
}

template <class Row>
void take_calls(HealthRecord& record, const Row& row) {
    add_calls(record, row.text(0), call_counts(row.integer(1), row.integer(2), row.text(3)));
}

template <class Row>
ErasingRecord erasing_of(const Row& row) {
    return {row.time_or_null(0), row.integer(1)};
}

template <class Row>
LedgerCheck ledger_check_of(const Row& row) {
    return {row.time(0), row.integer(1), row.integer(2), row.text(3)};
}

}  // namespace payments::ledger
