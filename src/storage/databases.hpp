#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "flow/ports.hpp"
#include "storage/verify/ledger_verifier.hpp"
#include "storage/postgres/address.hpp"
#include "storage/rules/group.hpp"

// Which database it is, said once: what can be done with either.
namespace payments {

struct DatabaseTarget {
    std::string path;                // of SQLite's file, "" when it is PostgreSQL
    postgres::ServerAddress server;  // of PostgreSQL, its URL "" when it is SQLite
    int connections = 3;             // to the server, of each event loop

    bool is_postgres() const { return !server.url.empty(); }
    std::string place() const;  // for people, without secrets
};

// Names of the migrations applied now; of those that would be. Both throw StoreDown.
std::vector<std::string> migrate(const DatabaseTarget& database);
std::vector<std::string> pending_migrations(const DatabaseTarget& database);

// Throws StoreDown when it cannot be read at all.
LedgerReport verify_ledger(const DatabaseTarget& database, const VerifyOptions& options = {});

// The store of each event loop: all share one of SQLite, each has one of PostgreSQL.
class Stores {
public:
    // Hears of every commit; must not throw or block.
    using OnGroup = std::function<void(const Group&)>;

    // Throws StoreDown naming place and cause when the database cannot be used or its schema is not
    // the one this binary knows. `on_group` hears of SQLite's commits, on its writer's thread.
    explicit Stores(const DatabaseTarget& database, OnGroup on_group = {});

    // `on_group` hears of PostgreSQL's commits, on the loop's thread.
    std::shared_ptr<Store> of(boost::asio::io_context& loop, OnGroup on_group = {}) const;

private:
    const DatabaseTarget database_;
    std::shared_ptr<Store> shared_;                   // of SQLite
    std::shared_ptr<std::atomic<bool>> has_failed_ =  // PostgreSQL: of all loops
        std::make_shared<std::atomic<bool>>(false);
};

}  // namespace payments
