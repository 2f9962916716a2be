#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "flow/console/sessions.hpp"
#include "storage/postgres/address.hpp"
#include "storage/rules/group_commit.hpp"
#include "storage/settlement_ledger.hpp"
#include "storage/verify/rebuild_totals.hpp"

// Either database behind one door: what the commands and the composition of the service need of it
// (docs/design.md, 8). The functions block their thread.
namespace payments {

struct DatabaseTarget {
    std::string path;                // of SQLite's file; "" when it is PostgreSQL
    postgres::ServerAddress server;  // of PostgreSQL, its URL "" when it is SQLite
    int connections = 3;             // to the server, of each event loop; at least 1

    bool is_postgres() const { return !server.url.empty(); }
    // Where it is, for people: without user, password and options. Throws std::invalid_argument for
    // a URL that cannot be read (postgres::check_url says so beforehand).
    std::string place() const;
};

// Names of the migrations applied now, oldest first; of those that would be. Both throw StoreDown,
// also when the schema is not one that this binary can bring up to date.
std::vector<std::string> migrate(const DatabaseTarget& database);
std::vector<std::string> pending_migrations(const DatabaseTarget& database);

// Throws StoreDown when the database cannot be opened or read to its end, or its schema is not this
// binary's.
LedgerReport verify_ledger(const DatabaseTarget& database, const VerifyOptions& options = {});

// Makes the sums of money anew (docs/money.md, 3), beside the service. Throws as verify_ledger().
RebuiltTotals rebuild_totals(
    const DatabaseTarget& database, Time now, const VerifyOptions& options = {}
);

// Settlements on record, by a connection of its own. Throws StoreDown when the database cannot be
// used, or its schema is not this binary's.
SettlementLedger open_settlements(const DatabaseTarget& database);

// A connection of its own for work beside the stores. Throws as open_settlements().
std::unique_ptr<ledger::BlockingDatabase> open_database(const DatabaseTarget& database);

// The stores of a process: all event loops share one SQLite store, for SQLite has one writer; each
// has a PostgreSQL store with connections of its own. Outlives the loops. Made before they run;
// of() is called from one thread.
class Stores {
public:
    // Called for every group commit; must not throw or block.
    using OnGroup = std::function<void(const Group&)>;

    // Throws StoreDown naming place and cause when the database cannot be used or its schema is not
    // the one this binary knows. `on_group` is called for SQLite's commits, on the writer's thread.
    explicit Stores(const DatabaseTarget& database, OnGroup on_group = {});

    // `on_group` is called for PostgreSQL's commits, on the loop's thread. Throws nothing: a
    // PostgreSQL store connects when it is first used.
    std::shared_ptr<ServiceStore> of(boost::asio::io_context& loop, OnGroup on_group = {}) const;

private:
    const DatabaseTarget database_;
    std::shared_ptr<ServiceStore> shared_;            // of SQLite
    std::shared_ptr<std::atomic<bool>> has_failed_ =  // PostgreSQL: of all loops
        std::make_shared<std::atomic<bool>>(false);
};

}  // namespace payments
