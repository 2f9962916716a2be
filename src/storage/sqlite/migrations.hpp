#pragma once

#include <string>
#include <vector>

#include "storage/migration_files.hpp"
#include "storage/sqlite/database.hpp"

// The schema of SQLite (storage/migration_files). The file belongs to one machine and one version,
// so a newer schema is refused. The functions block their thread.
namespace payments::sqlite {

// Those of this binary, ascending without gaps.
const std::vector<Migration>& migrations();

// Names of the migrations applied now, in order; empty when the schema was up to date. Makes the
// file when it is missing. Waits up to a minute for its turn: of several processes that start
// together each waits for the migrations of all others. Throws StoreDown when the database cannot
// be used, or when its schema is newer than this binary or was made by other migrations than ours.
std::vector<std::string> migrate(const std::string& path, int busy_timeout_ms = 60'000);

// Names of those that `migrate` would apply; changes nothing. All of them for a missing file.
// Throws StoreDown as `migrate` does.
std::vector<std::string> pending_migrations(const std::string& path, int busy_timeout_ms = 5000);

// Throws StoreDown, saying what to do, unless the schema is the one this binary knows.
void check_schema(Database& database);
// The number of the newest migration applied; 0 when there is none. Throws StoreDown.
int schema_version(Database& database);

}  // namespace payments::sqlite
