#include "simulate/disk.hpp"

#include <algorithm>
#include <cstring>

namespace payments::simulate {
namespace {

constexpr int page_bytes = 32 * 1024;  // of the log's index

// One connection's handle of a file.
struct Handle {
    std::shared_ptr<Disk::Node> node;
    int lock = SQLITE_LOCK_NONE;
};
struct File {
    sqlite3_file base;  // must be first
    Handle* handle;
};

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->handle; }
Disk::Node& node_of(sqlite3_file* file) { return *handle_of(file).node; }

void remember(Disk::Node& node, std::size_t offset, std::size_t size) {
    Disk::Change change{offset, {}, node.bytes.size()};
    const auto end = std::min(node.bytes.size(), offset + size);
    if (offset < end) {
        const auto* first = node.bytes.data() + offset;
        change.before.assign(first, first + (end - offset));
    }
    node.unsynced.push_back(std::move(change));
}

// Only the last one to close a database must find itself alone: it puts the log away.
int lock(sqlite3_file* file, int level) {
    auto& handle = handle_of(file);
    const bool had = handle.lock != SQLITE_LOCK_NONE;
    if (level == SQLITE_LOCK_EXCLUSIVE && handle.node->holders > (had ? 1 : 0)) return SQLITE_BUSY;
    if (!had) ++handle.node->holders;
    handle.lock = std::max(handle.lock, level);
    return SQLITE_OK;
}

int unlock(sqlite3_file* file, int level) {
    auto& handle = handle_of(file);
    if (handle.lock != SQLITE_LOCK_NONE && level == SQLITE_LOCK_NONE) --handle.node->holders;
    handle.lock = std::min(handle.lock, level);
    return SQLITE_OK;
}

int close(sqlite3_file* file) {
    unlock(file, SQLITE_LOCK_NONE);
    delete reinterpret_cast<File*>(file)->handle;
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* into, int amount, sqlite3_int64 offset) {
    const auto& bytes = node_of(file).bytes;
    const auto from = std::min(static_cast<std::size_t>(offset), bytes.size());
    const auto count = std::min(static_cast<std::size_t>(amount), bytes.size() - from);
    if (count > 0) std::memcpy(into, bytes.data() + from, count);
    if (count == static_cast<std::size_t>(amount)) return SQLITE_OK;
    std::memset(static_cast<char*>(into) + count, 0, static_cast<std::size_t>(amount) - count);
    return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
    if (const int refused = Disk::the().admit(false); refused != SQLITE_OK) return refused;
    auto& node = node_of(file);
    const auto begin = static_cast<std::size_t>(offset);
    const auto size = static_cast<std::size_t>(amount);
    remember(node, begin, size);
    if (node.bytes.size() < begin + size) node.bytes.resize(begin + size);
    std::memcpy(node.bytes.data() + begin, from, size);
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (const int refused = Disk::the().admit(false); refused != SQLITE_OK) return refused;
    auto& node = node_of(file);
    const auto length = static_cast<std::size_t>(size);
    remember(node, length, node.bytes.size());
    node.bytes.resize(length);
    return SQLITE_OK;
}

int sync(sqlite3_file* file, int) {
    if (const int refused = Disk::the().admit(true); refused != SQLITE_OK) return refused;
    if (!Disk::the().ignores_syncs()) node_of(file).unsynced.clear();
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(node_of(file).bytes.size());
    return SQLITE_OK;
}

int check_lock(sqlite3_file*, int* held) {
    *held = 0;
    return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** at) {
    auto& shared = node_of(file).shared;
    const auto index = static_cast<std::size_t>(region);
    *at = nullptr;
    if (size > page_bytes) return SQLITE_IOERR_SHMMAP;
    while (extend && shared.size() <= index) shared.push_back(std::make_unique<char[]>(page_bytes));
    if (index < shared.size()) *at = shared[index].get();
    return SQLITE_OK;
}
int lock_shared(sqlite3_file*, int, int, int) { return SQLITE_OK; }
void barrier(sqlite3_file*) {}
int unmap_shared(sqlite3_file* file, int is_last) {
    if (is_last)
        for (auto& region : node_of(file).shared) std::memset(region.get(), 0, page_bytes);
    return SQLITE_OK;
}

const sqlite3_io_methods methods = [] {
    sqlite3_io_methods all{};
    all.iVersion = 2;
    all.xClose = close;
    all.xRead = read;
    all.xWrite = write;
    all.xTruncate = truncate;
    all.xSync = sync;
    all.xFileSize = file_size;
    all.xLock = lock;
    all.xUnlock = unlock;
    all.xCheckReservedLock = check_lock;
    all.xFileControl = control;
    all.xSectorSize = sector_size;
    all.xDeviceCharacteristics = characteristics;
    all.xShmMap = map_shared;
    all.xShmLock = lock_shared;
    all.xShmBarrier = barrier;
    all.xShmUnmap = unmap_shared;
    return all;
}();

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* opened = reinterpret_cast<File*>(file);
    opened->base.pMethods = nullptr;
    auto& disk = Disk::the();
    auto node = name ? disk.find(name) : std::make_shared<Disk::Node>();
    // The store makes its database by itself, outside of SQLite.
    const bool may_make = (flags & (SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB)) != 0;
    if (!node && !may_make) return SQLITE_CANTOPEN;
    if (!node) node = disk.make(name);
    opened->handle = new Handle{std::move(node)};
    opened->base.pMethods = &methods;
    if (out) *out = flags;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs*, const char* name, int) {
    if (const int refused = Disk::the().admit(false); refused != SQLITE_OK) return refused;
    Disk::the().remove(name);
    return SQLITE_OK;
}

int access_file(sqlite3_vfs*, const char* name, int, int* exists) {
    *exists = Disk::the().find(name) ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

// Salts of the log and the like: no part of any story.
int randomness(sqlite3_vfs*, int size, char* out) {
    static Random random{1};
    std::generate_n(out, size, [] { return static_cast<char>(random.next()); });
    return size;
}
int sleep_for(sqlite3_vfs*, int) { return 0; }
int time_now(sqlite3_vfs*, double* days) {
    *days = 2460000.5;
    return SQLITE_OK;
}
int last_error(sqlite3_vfs*, int, char*) { return 0; }

sqlite3_vfs file_system = [] {
    sqlite3_vfs all{};
    all.iVersion = 1;
    all.szOsFile = sizeof(File);
    all.mxPathname = 512;
    all.zName = "simulated disk";
    all.xOpen = open_file;
    all.xDelete = delete_file;
    all.xAccess = access_file;
    all.xFullPathname = full_path;
    all.xRandomness = randomness;
    all.xSleep = sleep_for;
    all.xCurrentTime = time_now;
    all.xGetLastError = last_error;
    return all;
}();

// Takes unsynced changes back, the last one first. The order in which a disk keeps what it was
// given is its own, so any of them may have been kept; the last ones are the likeliest to be gone.
void lose_unsynced(Disk::Node& node, Random& random) {
    const bool everything = random.percent(50);
    for (auto change = node.unsynced.rbegin(); change != node.unsynced.rend(); ++change) {
        if (!everything && random.percent(40)) continue;
        const auto end = change->offset + change->before.size();
        if (node.bytes.size() < end) node.bytes.resize(end);
        std::ranges::copy(
            change->before, node.bytes.begin() + static_cast<std::ptrdiff_t>(change->offset)
        );
        if (everything) node.bytes.resize(change->size_before);
    }
    node.unsynced.clear();
}

}  // namespace

Disk::Disk() { sqlite3_vfs_register(&file_system, 1); }

Disk& Disk::the() {
    static Disk disk;
    return disk;
}

Disk::Image Disk::image() const {
    Image image;
    for (const auto& [path, node] : files_) image[path] = node->bytes;
    return image;
}

void Disk::load(const Image& image) {
    for (auto& [path, node] : files_) {
        node->bytes.clear();
        node->unsynced.clear();
        for (auto& region : node->shared) std::memset(region.get(), 0, page_bytes);
    }
    for (const auto& [path, bytes] : image) make(path)->bytes = bytes;
    works_left_ = -1;
    faults_left_ = 0;
    has_failed_ = false;
}

void Disk::restart(bool power_was_lost, Random& random) {
    works_left_ = -1;
    faults_left_ = 0;
    for (auto& [path, node] : files_) {
        // In place: a connection that stays sees an index it does not know, and reads it anew.
        for (auto& region : node->shared) std::memset(region.get(), 0, page_bytes);
        if (power_was_lost) lose_unsynced(*node, random);
    }
}

void Disk::fail_next(Fault fault, int times) {
    fault_ = fault;
    faults_left_ = times;
}

std::shared_ptr<Disk::Node> Disk::find(const std::string& path) const {
    const auto known = files_.find(path);
    return known == files_.end() ? nullptr : known->second;
}

std::shared_ptr<Disk::Node> Disk::make(const std::string& path) {
    auto& node = files_[path];
    if (!node) node = std::make_shared<Node>();
    return node;
}

void Disk::remove(const std::string& path) { files_.erase(path); }

int Disk::admit(bool is_sync) {
    if (works_left_ > 0) --works_left_;
    if (works_left_ == 0) return SQLITE_IOERR_WRITE;
    if (faults_left_ == 0 || is_sync != (fault_ == Fault::sync_error)) {
        if (is_sync) has_failed_ = false;
        return SQLITE_OK;
    }
    --faults_left_;
    has_failed_ = true;
    if (fault_ == Fault::full) return SQLITE_FULL;
    return is_sync ? SQLITE_IOERR_FSYNC : SQLITE_IOERR_WRITE;
}

}  // namespace payments::simulate
