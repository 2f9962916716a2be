#include "simulate/place.hpp"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <vector>

#include "storage/sqlite/migrations.hpp"
#include "support/log.hpp"

namespace payments::simulate {

Place& Place::the() {
    static Place place;
    return place;
}

Place::Place() : owner_(::getpid()) {
    auto pattern = (std::filesystem::temp_directory_path() / "payments-simulate-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error{"no temporary directory"};
    directory_ = pattern;
    path_ = directory_ + "/payments.db";
    // The faults are intended, so the service's log is off; formatting its lines would cost time.
    log::set_level(static_cast<log::Level>(static_cast<int>(log::Level::error) + 1));
    Disk::the();
    sqlite::migrate(path_);
    migrated_ = Disk::the().image();
    reader_ = std::make_unique<sqlite::Database>(path_, sqlite::Database::Access::read, 0);
}

Place::~Place() {
    std::error_code ignored;
    if (::getpid() == owner_) std::filesystem::remove_all(directory_, ignored);
}

}  // namespace payments::simulate

// ------------------------------------------------------------------------- kept connections

// SQLite's connections are kept for the next simulated process: to read the schema anew takes
// longer than most processes live. The linker sends every call of sqlite3_open_v2 and
// sqlite3_close_v2 here (tests/CMakeLists.txt).
//
// What a process leaves behind is gone all the same. Its transaction is rolled back, as closing
// does. The disk clears the index of the write-ahead log when a process dies, so a kept connection
// recovers the log as a new one would; it drops its pages unless the log's header, with checksums
// over all that is in it, is the one they were read under.
namespace {

std::map<std::string, std::vector<sqlite3*>>& idle_connections() {
    static std::map<std::string, std::vector<sqlite3*>> idle;
    return idle;
}

// As it was when it was new; false for one that cannot be.
bool is_reset(sqlite3* connection) {
    if (sqlite3_next_stmt(connection, nullptr)) return false;
    if (sqlite3_get_autocommit(connection) == 0)
        sqlite3_exec(connection, "ROLLBACK", nullptr, nullptr, nullptr);
    const int code = sqlite3_exec(connection, "PRAGMA query_only = OFF", nullptr, nullptr, nullptr);
    return code == SQLITE_OK && sqlite3_get_autocommit(connection) != 0;
}

}  // namespace

extern "C" {

int __real_sqlite3_open_v2(const char* path, sqlite3** connection, int flags, const char* vfs);
int __real_sqlite3_close_v2(sqlite3* connection);

int __wrap_sqlite3_open_v2(const char* path, sqlite3** connection, int flags, const char* vfs) {
    auto& idle = idle_connections()[path];
    if (idle.empty()) return __real_sqlite3_open_v2(path, connection, flags, vfs);
    *connection = idle.back();
    idle.pop_back();
    return SQLITE_OK;
}

int __wrap_sqlite3_close_v2(sqlite3* connection) {
    const char* path = connection ? sqlite3_db_filename(connection, "main") : nullptr;
    if (!path || !is_reset(connection)) return __real_sqlite3_close_v2(connection);
    idle_connections()[path].push_back(connection);
    return SQLITE_OK;
}

}  // extern "C"
