#include "storage/sqlite/migrations.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

namespace payments::sqlite {
namespace {

// Whoever waits to write looks every tenth of a second whether they may.
constexpr std::chrono::milliseconds between_migrations{150};

[[noreturn]] void refuse(const Database& database, const std::string& cause) {
    throw StoreDown{"database " + database.path() + ": " + cause};
}

bool has_history(Database& database) {
    return database.query("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").next();
}

// How many of this binary's migrations the database has. Throws StoreDown when it holds others.
std::size_t applied(Database& database) {
    if (!has_history(database)) return 0;
    std::size_t count = 0;
    auto rows = database.query("SELECT version, name, checksum FROM schema_migrations ORDER BY 1");
    for (; rows.next(); ++count) {
        if (count == migrations().size())
            refuse(
                database, "its schema is newer (" + rows.text(1) + ") than this version of " +
                              "ozora-payments knows; run the newer version"
            );
        // The checksum finds a file that was edited after its release: two databases would then
        // differ under the same number.
        const auto& ours = migrations()[count];
        if (rows.integer(0) != ours.version || rows.text(2) != ours.checksum)
            refuse(
                database, "its migration " + rows.text(1) + " is not the one of this version of " +
                              "ozora-payments (" + ours.name + ")"
            );
    }
    return count;
}

// Another process may be doing the same: whoever comes second finds the work done.
bool apply_next(Database& database, std::vector<std::string>& done) {
    // With the lock for writing at once, so that what is read below is still so when it is applied.
    // One transaction for each: what was applied stays when a later one fails.
    database.execute("BEGIN IMMEDIATE");
    try {
        database.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY,"
            " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT"
        );
        const auto count = applied(database);
        if (count < migrations().size()) {
            const auto& next = migrations()[count];
            database.execute(next.sql.c_str());
            database.change(
                "INSERT INTO schema_migrations VALUES (?1, ?2, ?3, unixepoch() * 1000)",
                next.version, next.name, next.checksum
            );
            done.push_back(next.name);
        }
        database.execute("COMMIT");
        return count < migrations().size();
    } catch (...) {
        database.roll_back();
        throw;
    }
}

}  // namespace

const std::vector<Migration>& migrations() {
    static const auto all = bundled_migrations("sqlite");
    return all;
}

std::vector<std::string> migrate(const std::string& path, int busy_timeout_ms) {
    Database database{path, Database::Access::create, busy_timeout_ms};
    std::vector<std::string> done;
    // Mostly there is nothing to do, and a lock would make a service that runs on the file wait.
    const bool may_be_in_use = has_history(database);
    if (may_be_in_use && applied(database) == migrations().size()) return done;
    while (apply_next(database, done))
        if (may_be_in_use) std::this_thread::sleep_for(between_migrations);
    return done;
}

std::vector<std::string> pending_migrations(const std::string& path, int busy_timeout_ms) {
    std::size_t count = 0;
    std::error_code ignored;
    // Looking must not make the file.
    if (std::filesystem::exists(path, ignored)) {
        Database database{path, Database::Access::read, busy_timeout_ms};
        count = applied(database);
    }
    std::vector<std::string> names;
    for (auto i = count; i < migrations().size(); ++i) names.push_back(migrations()[i].name);
    return names;
}

void check_schema(Database& database) {
    if (applied(database) < migrations().size())
        refuse(database, "its schema is older than this binary; run `ozora-payments migrate`");
}

int schema_version(Database& database) {
    if (!has_history(database)) return 0;
    auto rows = database.query("SELECT max(version) FROM schema_migrations");
    return rows.next() ? static_cast<int>(rows.integer(0)) : 0;
}

}  // namespace payments::sqlite
