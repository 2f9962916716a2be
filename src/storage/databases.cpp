#include "storage/databases.hpp"

#include "storage/postgres/migrations.hpp"
#include "storage/postgres/settlements.hpp"
#include "storage/postgres/store.hpp"
#include "storage/postgres/verify_ledger.hpp"
#include "storage/sqlite/settlements.hpp"
#include "storage/sqlite/store.hpp"
#include "storage/sqlite/verify_ledger.hpp"

namespace payments {

std::string DatabaseTarget::place() const { return is_postgres() ? server.place() : path; }

std::vector<std::string> migrate(const DatabaseTarget& database) {
    if (database.is_postgres()) return postgres::migrate(database.server);
    return sqlite::migrate(database.path);
}

std::vector<std::string> pending_migrations(const DatabaseTarget& database) {
    if (database.is_postgres()) return postgres::pending_migrations(database.server);
    return sqlite::pending_migrations(database.path);
}

LedgerReport verify_ledger(const DatabaseTarget& database, const VerifyOptions& options) {
    if (database.is_postgres()) return postgres::verify_ledger(database.server, options);
    return sqlite::verify_ledger(database.path, options);
}

RebuiltTotals rebuild_totals(
    const DatabaseTarget& database, Time now, const VerifyOptions& options
) {
    if (database.is_postgres()) return postgres::rebuild_totals(database.server, now, options);
    return sqlite::rebuild_totals(database.path, now, options);
}

SettlementLedger open_settlements(const DatabaseTarget& database) {
    return SettlementLedger{
        database.is_postgres() ? postgres::open_settlements(database.server)
                               : sqlite::open_settlements(database.path)};
}

std::unique_ptr<ledger::BlockingDatabase> open_database(const DatabaseTarget& database) {
    if (database.is_postgres()) return postgres::open_database(database.server);
    return sqlite::open_database(database.path);
}

Stores::Stores(const DatabaseTarget& database, OnGroup on_group) : database_(database) {
    if (database_.is_postgres()) {
        postgres::check_schema(database_.server);
        return;
    }
    SqliteOptions options;
    options.path = database_.path;
    options.on_group = std::move(on_group);
    shared_ = std::make_shared<SqliteStore>(std::move(options));
}

std::shared_ptr<ServiceStore> Stores::of(boost::asio::io_context& loop, OnGroup on_group) const {
    // SQLite has one writer for all loops, PostgreSQL connections of each loop.
    if (shared_) return shared_;
    PostgresOptions options;
    options.address = database_.server;
    options.connections = database_.connections;
    options.on_group = std::move(on_group);
    options.has_failed = has_failed_;
    return std::make_shared<PostgresStore>(loop, std::move(options));
}

}  // namespace payments
