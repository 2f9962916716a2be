#pragma once

#include "flow/office/health_records.hpp"
#include "storage/sqlite/database.hpp"

// How the installation is (flow/office/health_records.hpp), inside a database transaction that the
// caller holds. They throw StoreDown.
namespace payments::sqlite {

void beat(Database& database, const Heartbeat& heartbeat);
std::int64_t forget_heartbeats(Database& database, Time before, int limit);
void note_ledger_check(Database& database, const LedgerCheck& check);
void note_backup(Database& database, Time at);
HealthRecord health_record(Database& database, Time calls_since, Time heard_since);

}  // namespace payments::sqlite
