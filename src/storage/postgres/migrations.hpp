#pragma once

#include <string>
#include <vector>

#include "storage/migration_files.hpp"
#include "storage/postgres/session.hpp"

// The schema of PostgreSQL (storage/migration_files; docs/scaling.md, Updating replicas). Replicas
// that start at once take turns, behind an advisory lock. A migration waits for a table 3 s at
// most, then gives up its place in the queue for the lock, behind which all visitors would wait,
// and tries again, up to 20 times. It must leave working what the version before this one does: it
// may run on. One whose first line begins with "-- concurrently" is run statement by statement,
// outside of a transaction, and may be run again from its beginning: it builds indexes, for
// minutes, while starts go on; what was left half-built is built anew. The functions block their
// thread.
namespace payments::postgres {

// Those of this binary.
const std::vector<Migration>& migrations();

// Names of the migrations applied now, in order; empty when the schema was up to date. Throws
// StoreDown when the database cannot be used, holds other migrations than ours, or is in use so
// much that a table could not be had.
std::vector<std::string> migrate(
    const ServerAddress& address, const std::vector<Migration>& all = migrations()
);

// Names of those that `migrate` would apply; changes nothing. Throws StoreDown.
std::vector<std::string> pending_migrations(const ServerAddress& address);

// Throws StoreDown, saying what to do, when the schema is older than this binary, or other. A newer
// one is left to the newer version's promise to this one.
void check_schema(Session& session);
void check_schema(const ServerAddress& address);

}  // namespace payments::postgres
