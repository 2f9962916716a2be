#include "storage/sqlite/health.hpp"

#include "storage/rules/health.hpp"

namespace payments::sqlite {

void beat(Database& database, const Heartbeat& heartbeat) {
    ledger::keep_heartbeat(heartbeat, [&](const auto&... statement) {
        database.change(statement...);
    });
}

std::int64_t forget_heartbeats(Database& database, Time before, int limit) {
    database.change(ledger::forget_replicas(), before, limit);
    return database.change(ledger::forget_calls(), before, limit);
}

void note_ledger_check(Database& database, const LedgerCheck& check) {
    database.change(
        ledger::keep_upkeep, ledger::of_ledger, check.at, check.transactions, check.differences,
        check.first_difference
    );
}

void note_backup(Database& database, Time at) {
    database.change(ledger::keep_upkeep, ledger::of_backup, at, 0, 0, "");
}

HealthRecord health_record(Database& database, Time calls_since, Time heard_since) {
    HealthRecord record;
    {
        auto rows =
            database.query(ledger::select_replicas, heard_since, HealthRecords::replicas_max);
        while (rows.next()) record.replicas.push_back(ledger::replica_of(rows));
    }
    {
        auto rows = database.query(ledger::select_signed);
        if (rows.next()) ledger::take_signed(record, rows);
    }
    {
        auto rows = database.query(ledger::select_calls, calls_since);
        while (rows.next()) ledger::take_calls(record, rows);
    }
    {
        auto rows = database.query(ledger::select_upkeep, ledger::of_ledger);
        if (rows.next()) record.ledger = ledger::ledger_check_of(rows);
    }
    {
        auto rows = database.query(ledger::select_erasing);
        if (rows.next()) record.erasing = ledger::erasing_of(rows);
    }
    auto rows = database.query(ledger::select_upkeep, ledger::of_backup);
    if (rows.next()) record.backup_at = rows.time(0);
    return record;
}

}  // namespace payments::sqlite
