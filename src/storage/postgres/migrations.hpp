#pragma once

#include <string>
#include <vector>

#include "storage/migration_files.hpp"
#include "storage/postgres/session.hpp"

// The schema of PostgreSQL. Replicas that start at once wait for one another; each change waits for
// the tables it needs for a few seconds only, and then makes way for those that use them before it
// tries again. A change must leave what the version before this one does working: it may run on.
namespace payments::postgres {

// Those of this binary.
const std::vector<Migration>& migrations();

// Names of the migrations applied now, in order; empty when the schema was up to date. Throws
// StoreDown when the database cannot be used, holds other migrations than ours, or is in use so
// much that a table could not be had.
std::vector<std::string> migrate(
    const ServerAddress& address, const std::vector<Migration>& all = migrations()
);

// Names of those that `migrate` would apply; changes nothing.
std::vector<std::string> pending_migrations(const ServerAddress& address);

// Throws StoreDown, saying what to do, when the schema is older than this binary, or other. A newer
// one is left to the newer version's promise to this one.
void check_schema(Session& session);
void check_schema(const ServerAddress& address);

}  // namespace payments::postgres
