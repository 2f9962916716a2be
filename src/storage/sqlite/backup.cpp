#include "storage/sqlite/backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include "storage/sqlite/database.hpp"

namespace payments::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr int patience_ms = 5'000;

// Where SQLite's locks are (its file format, 1.5, and the WAL-index, 2.3): a process that has a
// database in WAL mode open holds one of both.
constexpr off_t locks_of_file = 0x40000000;
constexpr off_t file_locks_bytes = 512;
constexpr off_t locks_of_shared_memory = 120;
constexpr off_t shared_memory_locks_bytes = 9;

std::optional<pid_t> holder_of(const std::string& path, off_t start, off_t bytes) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    // Only asks: a lock for writing would be refused by any that another process holds.
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = start;
    lock.l_len = bytes;
    const bool told = ::fcntl(file, F_GETLK, &lock) == 0;
    ::close(file);
    if (!told || lock.l_type == F_UNLCK) return {};
    return lock.l_pid;
}

bool has_deleted_open(const fs::path& process, const std::string& path) {
    std::error_code ignored;
    for (const auto& file : fs::directory_iterator{process / "fd", ignored}) {
        const auto leads_to = fs::read_symlink(file.path(), ignored);
        if (!ignored && leads_to == path + " (deleted)") return true;
    }
    return false;
}

// It would go on with what is gone, and the lock that it holds cannot be seen any more.
std::optional<pid_t> user_of_deleted(const std::string& path) {
    std::error_code ignored;
    for (const auto& process : fs::directory_iterator{"/proc", ignored}) {
        const auto name = process.path().filename().string();
        pid_t id = 0;
        const auto read = std::from_chars(name.data(), name.data() + name.size(), id);
        if (read.ptr != name.data() + name.size() || id == ::getpid()) continue;
        if (has_deleted_open(process.path(), path)) return id;
    }
    return {};
}

}  // namespace

void copy_online(
    const std::string& from, const std::string& to,
    const std::function<void(std::int64_t done, std::int64_t of)>& progress
) {
    {
        Database source{from, Database::Access::read, patience_ms};
        Database copy{to, Database::Access::scratch, patience_ms};
        source.copy_into(copy, progress);
    }
    // The copy says of itself that it has a log, as what it was made of does.
    end_log(to);
}

bool has_log(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::string head(20, '\0');
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    // The file format, 1.3: its name, and that it is read and written by way of a log.
    return file && head.starts_with("SQLite format 3") && head[18] == 2 && head[19] == 2;
}

void end_log(const std::string& path) {
    Database database{path, Database::Access::write, patience_ms};
    auto mode = database.query("PRAGMA journal_mode = DELETE");
    if (!mode.next() || mode.text(0) != "delete")
        throw StoreDown{"database " + path + ": its log cannot be ended"};
}

std::int64_t last_number_in(const std::string& path) try {
    std::error_code ignored;
    if (!has_log(path) && fs::exists(path + "-wal", ignored)) return 0;
    Database database{path, Database::Access::read, patience_ms};
    auto rows = database.query("SELECT seq FROM sqlite_sequence WHERE name = 'transactions'");
    return rows.next() ? rows.integer(0) : 0;
} catch (const StoreDown&) {
    return 0;
}

std::optional<pid_t> user_of(const std::string& path) {
    if (const auto holder = holder_of(path, locks_of_file, file_locks_bytes)) return holder;
    if (const auto holder =
            holder_of(path + "-shm", locks_of_shared_memory, shared_memory_locks_bytes))
        return holder;
    std::error_code ignored;
    const auto place = fs::weakly_canonical(path, ignored);
    return user_of_deleted(place.string());
}

}  // namespace payments::sqlite
