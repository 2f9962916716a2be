#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "simulate/random.hpp"

namespace payments::simulate {

// A disk in memory under the real SQLite (a VFS). It can be full, fail to write or sync, and lose
// its power: then what was not synced is gone, wholly or in part. There is one for the process,
// because SQLite registers file systems by name for the whole process. Everything runs on one
// thread, so almost every lock is granted.
class Disk {
public:
    static Disk& the();

    // Its contents, to begin again from.
    using Image = std::map<std::string, std::vector<char>>;
    Image image() const;
    void load(const Image& image);

    // From the `after`-th write or sync on nothing reaches the disk any more, and SQLite hears of
    // errors: its process is about to end.
    void cut_after(int after) { works_left_ = after; }
    bool is_cut() const { return works_left_ == 0; }
    // The machine is up again. When its power was lost, a part of what was not synced is gone.
    void restart(bool power_was_lost, Random& random);

    // The next so many writes or syncs fail, and the disk is well again.
    enum class Fault : std::uint8_t { full, write_error, sync_error };
    void fail_next(Fault fault, int times);
    // Something failed, and nothing was synced since.
    bool has_failed() const { return has_failed_; }

    // Reports syncs as done without doing them.
    void ignore_syncs(bool ignored) { ignores_syncs_ = ignored; }
    bool ignores_syncs() const { return ignores_syncs_; }

    // For the file system underneath.
    struct Change {
        std::size_t offset;
        std::vector<char> before;
        std::size_t size_before;
    };
    struct Node {
        std::vector<char> bytes;
        std::vector<Change> unsynced;
        std::vector<std::unique_ptr<char[]>> shared;  // the write-ahead log's index
        int holders = 0;
    };
    std::shared_ptr<Node> find(const std::string& path) const;
    std::shared_ptr<Node> make(const std::string& path);
    void remove(const std::string& path);
    // SQLITE_OK when a write (or sync) may go on.
    int admit(bool is_sync);

private:
    Disk();

    std::map<std::string, std::shared_ptr<Node>> files_;
    int works_left_ = -1;  // -1: the power is on
    Fault fault_ = Fault::full;
    int faults_left_ = 0;
    bool has_failed_ = false;
    bool ignores_syncs_ = false;
};

}  // namespace payments::simulate
