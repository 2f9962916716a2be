#include "storage/sqlite/database.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include "storage/rules/rows.hpp"

namespace payments::sqlite {
namespace {

constexpr int pages_at_once = 2'000;  // 8 MiB between two reports of progress

// Of several who begin the log of a new database at once SQLite lets one do it, and tells the
// others at once that it is busy, for they would wait for one another. Gives what SQLite says at
// last.
int begin_log(sqlite3* connection, int within_ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{within_ms};
    for (;;) {
        errno = 0;
        const int code =
            sqlite3_exec(connection, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
        if ((code & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() >= until) return code;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

// `system_error` is errno as the failed call left it: SQLite's own note of it misses commits.
std::string cause_of(sqlite3* connection, int code, int system_error) {
    const std::string because = system_error ? std::string{": "} + std::strerror(system_error) : "";
    // The primary code: what EXRESCODE adds above it tells calls apart, and not what to do.
    switch (code & 0xff) {
        case SQLITE_FULL:
            return "the disk or the file's quota is full";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "locked by another process";
        case SQLITE_READONLY:
            return "the file is read-only for this process";
        case SQLITE_NOTADB:
            return "the file is not an SQLite database";
        case SQLITE_CORRUPT:
            return std::string{"the file is damaged: "} + sqlite3_errmsg(connection);
        case SQLITE_CANTOPEN:
            return "cannot be opened" + because;
        case SQLITE_IOERR:
            return std::string{sqlite3_errstr(code)} + because;
        default:
            return sqlite3_errmsg(connection);
    }
}

[[noreturn]] void down(const std::string& path, const std::string& cause) {
    throw StoreDown{"database " + path + ": " + cause};
}

// SQLite only says "unable to open database file" for all of these.
void check_place(const std::string& path, bool create) {
    const auto directory = std::filesystem::absolute(path).parent_path();
    std::error_code ignored;
    if (!std::filesystem::is_directory(directory, ignored))
        down(path, "the directory " + directory.string() + " does not exist");
    if (std::filesystem::is_directory(path, ignored)) down(path, "it is a directory");
    if (!create && !std::filesystem::exists(path, ignored))
        down(path, "the file does not exist; `ozora-payments migrate` makes it");
}

// The database holds people's e-mail addresses, so nobody else may read it; SQLite gives the files
// beside it (-wal, -shm) the same mode.
void create_private(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) down(path, std::string{"cannot be made: "} + std::strerror(errno));
    ::close(file);
}

}  // namespace

// errno is cleared before each call of SQLite, so that what it holds afterwards is of that call.
bool Rows::next() {
    errno = 0;
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) database_->fail(code);
    return false;
}

bool Rows::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Rows::text(int column) const {
    // Not as text, which SQLite might convert: bytes come back as they were stored, zeros included.
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes ? std::string{bytes, size} : std::string{};
}

Time Rows::time(int column) const { return Time{std::chrono::milliseconds{integer(column)}}; }

std::optional<Time> Rows::time_or_null(int column) const {
    if (is_null(column)) return {};
    return time(column);
}

void Rows::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_, index, value));
}

void Rows::bind(int index, std::string_view value) {
    // A null pointer would be bound as NULL. Copied (TRANSIENT) where rows outlive the call,
    // because callers give temporaries; a Blob may be large, so it is not, and must live.
    const char* text = value.empty() ? "" : value.data();
    const auto kept = texts_ == Texts::left ? SQLITE_STATIC : SQLITE_TRANSIENT;
    check(sqlite3_bind_text64(statement_, index, text, value.size(), kept, SQLITE_UTF8));
}

void Rows::bind(int index, Blob value) {
    const char* bytes = value.bytes.empty() ? "" : value.bytes.data();
    check(sqlite3_bind_blob64(statement_, index, bytes, value.bytes.size(), SQLITE_STATIC));
}

void Rows::bind(int index, std::nullopt_t) { check(sqlite3_bind_null(statement_, index)); }

void Rows::check(int code) {
    if (code != SQLITE_OK) database_->fail(code);
}

Database::Database(std::string path, Access access, int busy_timeout_ms) : path_(std::move(path)) {
    const bool makes_file = access == Access::create || access == Access::scratch;
    check_place(path_, makes_file);
    if (makes_file) create_private(path_);
    // Readers too: whoever opens a write-ahead log may have to recover it. query_only, below, keeps
    // them from changing rows. NOMUTEX: a connection has one thread.
    open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE);
    sqlite3_busy_timeout(connection_.get(), busy_timeout_ms);

    if (access != Access::read && sqlite3_db_readonly(connection_.get(), "main") == 1)
        fail(SQLITE_READONLY);
    if (access == Access::scratch) {
        execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        return;
    }
    // The first statement reads the file, so a file that is no database is found here.
    if (access == Access::create)
        if (const int code = begin_log(connection_.get(), busy_timeout_ms)) fail(code);
    // FULL: a commit is on the disk before its caller is answered, not only handed to the system.
    // The write-ahead log shrinks to 64 MiB again after a burst.
    execute(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA journal_size_limit = 67108864;"
        "SELECT count(*) FROM sqlite_schema"
    );
    // -2000: 2000 KiB. Each connection has a cache of its own; a larger one would hold the same
    // pages once for each thread, and the page cache of the system is shared.
    execute("PRAGMA cache_size = -2000");
    if (access == Access::read)
        execute("PRAGMA query_only = ON");
    else  // what is deleted is overwritten, so that what was erased is gone (clean_files)
        execute("PRAGMA secure_delete = ON");
}

void Database::open(int flags) {
    // Else every allocation of every connection takes one lock, to be counted for nobody.
    [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3* raw = nullptr;
    errno = 0;
    const int code = sqlite3_open_v2(path_.c_str(), &raw, flags, nullptr);
    connection_.reset(raw);
    if (code != SQLITE_OK) fail(code);
}

void Database::execute(const char* script) {
    errno = 0;
    const int code = sqlite3_exec(connection_.get(), script, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

sqlite3_stmt* Database::prepared(std::string_view sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        sqlite3_stmt* statement = nullptr;
        const int code = sqlite3_prepare_v3(
            connection_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
            &statement, nullptr
        );
        if (code != SQLITE_OK) fail(code);
        found = statements_.emplace(sql, statement).first;
    }
    if (sqlite3_stmt_busy(found->second.get()))
        throw std::logic_error{"statement is still being read: " + std::string{sql}};
    return found->second.get();
}

std::vector<std::string> Database::statements() const {
    std::vector<std::string> texts;
    for (const auto& entry : statements_) texts.push_back(entry.first);
    return texts;
}

void Database::roll_back() noexcept {
    if (in_transaction()) sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Database::copy_into(
    Database& copy, const std::function<void(std::int64_t done, std::int64_t of)>& progress
) {
    // Without a transaction of ours, every commit of the service would make the copy begin again.
    execute("BEGIN; SELECT count(*) FROM sqlite_schema");
    int code = SQLITE_OK;
    {
        const std::unique_ptr<sqlite3_backup, decltype(&sqlite3_backup_finish)> copying{
            sqlite3_backup_init(copy.connection_.get(), "main", connection_.get(), "main"),
            sqlite3_backup_finish};
        if (!copying) copy.fail(sqlite3_errcode(copy.connection_.get()));
        while (code == SQLITE_OK) {
            errno = 0;
            code = sqlite3_backup_step(copying.get(), pages_at_once);
            const std::int64_t of = sqlite3_backup_pagecount(copying.get());
            progress(of - sqlite3_backup_remaining(copying.get()), of);
        }
        // What can be said of a page that is read is that it is damaged; all else is of the copy.
        if ((code & 0xff) == SQLITE_CORRUPT) fail(code);
        if (code != SQLITE_DONE) copy.fail(code);
    }
    roll_back();
}

void Database::check_in_place() const {
    int moved = 0;
    sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (moved) down(path_, "the file was moved, replaced or deleted while it was in use");
}

void Database::fail(int code) const {
    const int system_error = errno;
    if (!connection_) down(path_, "out of memory");
    const int kind = code & 0xff;
    if (kind == SQLITE_CONSTRAINT || kind == SQLITE_MISMATCH || kind == SQLITE_TOOBIG)
        throw Refused{"database " + path_ + ": " + sqlite3_errmsg(connection_.get())};
    const auto cause = cause_of(connection_.get(), code, system_error);
    if (kind == SQLITE_CORRUPT) throw from_row::Damaged{"database " + path_ + ": " + cause};
    down(path_, cause);
}

}  // namespace payments::sqlite
