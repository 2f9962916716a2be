#include "storage/sqlite/clean_files.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

namespace payments::sqlite {
namespace {

constexpr std::int64_t pages_together = 1'000;
// Of larger files the number of a page, which stands first on some that are none of a tree, could
// look like the mark of a tree.
constexpr std::int64_t page_max = 1 << 24;
// Writers wait while the log is emptied, so that does not wait long for readers.
constexpr auto short_wait = "PRAGMA busy_timeout = 250", usual_wait = "PRAGMA busy_timeout = 10000";

// Where SQLite's file format says so (fileformat2.html, 1.3, 1.5, 1.6).
constexpr std::size_t size_at = 16, reserved_at = 20, auto_vacuum_at = 52, first_header = 100;
constexpr unsigned char interior_index = 2, interior_table = 5, leaf_index = 10, leaf_table = 13;

std::size_t two_bytes(std::span<const unsigned char> page, std::size_t at) {
    return static_cast<std::size_t>(page[at]) << 8 | page[at + 1];
}

struct Part {
    std::size_t begin, end;
};

// Between the list of its rows and these, and what single rows have left. Nothing for what cannot
// be a page of a tree.
std::vector<Part> unused_parts(std::span<const unsigned char> page, std::size_t header) {
    const auto mark = page[header];
    const bool is_leaf = mark == leaf_index || mark == leaf_table;
    if (!is_leaf && mark != interior_index && mark != interior_table) return {};
    auto content = two_bytes(page, header + 5);
    if (content == 0) content = 65'536;
    const auto list_end = header + (is_leaf ? 8 : 12) + 2 * two_bytes(page, header + 3);
    if (list_end > content || content > page.size()) return {};
    std::vector<Part> parts{{list_end, content}};
    // A chain in ascending order, each part with the next one's place and its own size before it.
    for (std::size_t at = two_bytes(page, header + 1), last = content; at != 0;) {
        if (at < last || at + 4 > page.size()) return {};
        const auto end = at + two_bytes(page, at + 2);
        if (end < at + 4 || end > page.size()) return {};
        parts.push_back({at + 4, end});
        last = end;
        at = two_bytes(page, at);
    }
    return parts;
}

class OpenFile {
public:
    explicit OpenFile(Database& database) : database_(database) {
        sqlite3_file_control(database.raw(), "main", SQLITE_FCNTL_FILE_POINTER, &file_);
    }
    void read(std::span<unsigned char> into, std::int64_t at) {
        check(file_->pMethods->xRead(file_, into.data(), static_cast<int>(into.size()), at));
    }
    void write(std::span<const unsigned char> from, std::int64_t at) {
        check(file_->pMethods->xWrite(file_, from.data(), static_cast<int>(from.size()), at));
    }
    void sync() { check(file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL)); }
    std::int64_t size() {
        sqlite3_int64 bytes = 0;
        check(file_->pMethods->xFileSize(file_, &bytes));
        return bytes;
    }

private:
    void check(int code) {
        if (code != SQLITE_OK) database_.fail(code);
    }
    Database& database_;
    sqlite3_file* file_ = nullptr;
};

bool empty_log(Database& database) {
    database.execute(short_wait);
    int waiting = 0, moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(
        database.raw(), "main", SQLITE_CHECKPOINT_TRUNCATE, &waiting, &moved
    );
    database.execute(usual_wait);
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return false;
    if (code != SQLITE_OK) database.fail(code);
    return true;
}

bool is_log_empty(const std::string& path) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path + "-wal", missing);
    return missing || size == 0;
}

// The page to go on with, 0 at the end.
std::int64_t clean_some(Database& database, std::int64_t from) {
    OpenFile file{database};
    std::vector<unsigned char> head(first_header);
    file.read(head, 0);
    const auto size = two_bytes(head, size_at) == 1 ? 65'536 : two_bytes(head, size_at);
    const auto count = file.size() / static_cast<std::int64_t>(size);
    const bool has_map = std::any_of(
        head.begin() + auto_vacuum_at, head.begin() + auto_vacuum_at + 4,
        [](auto byte) { return byte != 0; }
    );
    if (has_map || count > page_max)
        throw StoreDown{
            "database " + database.path() +
            ": unused parts of the file cannot be overwritten one by one; run VACUUM on it"};
    const auto end = std::min(from + pages_together, count);
    std::vector<unsigned char> page(size);
    bool has_changed = false;
    for (auto at = from; at < end; ++at) {
        const auto place = at * static_cast<std::int64_t>(size);
        file.read(page, place);
        const std::span<unsigned char> used{page.data(), size - head[reserved_at]};
        if (!clean_page(used, at == 0 ? first_header : 0)) continue;
        file.write(page, place);
        has_changed = true;
    }
    if (has_changed) file.sync();
    return end < count ? end : 0;
}

}  // namespace

bool clean_page(std::span<unsigned char> page, std::size_t header) {
    bool has_changed = false;
    for (const auto& [begin, end] : unused_parts(page, header)) {
        const auto part = page.subspan(begin, end - begin);
        if (std::ranges::all_of(part, [](auto byte) { return byte == 0; })) continue;
        std::ranges::fill(part, 0);
        has_changed = true;
    }
    return has_changed;
}

// Other connections keep pages in memory, and would write back what is overwritten here: so nobody
// writes meanwhile, and the commit at the end tells them all to read again.
bool clean_files(
    Database& database, std::int64_t from, const std::function<void(std::int64_t next)>& note
) {
    if (!empty_log(database)) return false;
    database.check_in_place();
    database.change("BEGIN IMMEDIATE");
    try {
        // Somebody has written since.
        if (!is_log_empty(database.path())) {
            database.roll_back();
            return false;
        }
        const auto next = clean_some(database, from);
        sqlite3_db_release_memory(database.raw());
        note(next);
        database.change("COMMIT");
    } catch (...) {
        database.roll_back();
        throw;
    }
    return true;
}

}  // namespace payments::sqlite
