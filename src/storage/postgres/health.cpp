#include "storage/rules/health.hpp"

#include "storage/postgres/store.hpp"

// How the installation is: those of PostgresStore's members that are HealthRecords, on the
// connections of sessions, so that no payment waits for them. Texts of statements are static: see
// postgres::Statement.
namespace payments {

using postgres::ReadJob;
using postgres::ResultSet;
using postgres::Statement;

namespace {

constexpr std::string_view leaving_locked = " FOR UPDATE SKIP LOCKED";

}  // namespace

Task<std::optional<Time>> PostgresStore::database_time() {
    std::vector<ResultSet> answers;
    std::vector<Statement> question{
        Statement{"SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"}};
    ReadJob read{std::move(question), &answers};
    co_await session_reads_.run(std::move(read));
    const std::optional<Time> there{answers[0][0].time(0)};
    co_return there;
}

Task<void> PostgresStore::beat(Heartbeat heartbeat) {
    std::vector<Statement> statements;
    ledger::keep_heartbeat(heartbeat, [&](const auto&... statement) {
        statements.push_back(Statement::of(statement...));
    });
    co_await change_session(std::move(statements));
}

Task<std::int64_t> PostgresStore::forget_heartbeats(Time before, int limit) {
    static const auto replicas = ledger::forget_replicas(leaving_locked);
    static const auto calls = ledger::forget_calls(leaving_locked);
    std::vector<Statement> statements{
        Statement::of(replicas, before, limit), Statement::of(calls, before, limit)};
    const auto answers = co_await change_session(std::move(statements));
    co_return answers[1].changed();
}

Task<void> PostgresStore::note_ledger_check(LedgerCheck check) {
    std::vector<Statement> statements{Statement::of(
        ledger::keep_upkeep, ledger::of_ledger, check.at, check.transactions, check.differences,
        check.first_difference
    )};
    co_await change_session(std::move(statements));
}

Task<void> PostgresStore::note_backup(Time at) {
    std::vector<Statement> statements{
        Statement::of(ledger::keep_upkeep, ledger::of_backup, at, 0, 0, "")};
    co_await change_session(std::move(statements));
}

Task<HealthRecord> PostgresStore::health_record(Time calls_since, Time heard_since) {
    std::vector<ResultSet> answers;
    std::vector<Statement> questions{
        Statement::of(ledger::select_replicas, heard_since, HealthRecords::replicas_max),
        Statement::of(ledger::select_signed),
        Statement::of(ledger::select_calls, calls_since),
        Statement::of(ledger::select_upkeep, ledger::of_ledger),
        Statement::of(ledger::select_upkeep, ledger::of_backup),
        Statement::of(ledger::select_erasing),
    };
    ReadJob read{std::move(questions), &answers};
    co_await session_reads_.run(std::move(read));
    HealthRecord record;
    for (int i = 0; i < answers[0].size(); ++i)
        record.replicas.push_back(ledger::replica_of(answers[0][i]));
    ledger::take_signed(record, answers[1][0]);
    for (int i = 0; i < answers[2].size(); ++i) ledger::take_calls(record, answers[2][i]);
    if (!answers[3].empty()) record.ledger = ledger::ledger_check_of(answers[3][0]);
    if (!answers[4].empty()) record.backup_at = answers[4][0].time(0);
    if (!answers[5].empty()) record.erasing = ledger::erasing_of(answers[5][0]);
    co_return record;
}

}  // namespace payments
