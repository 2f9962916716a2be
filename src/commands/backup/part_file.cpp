#include "commands/backup/part_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "support/times.hpp"

namespace payments {
namespace {

constexpr std::size_t bytes_at_once = 1'048'576;

[[noreturn]] void fail(const std::string& path, const std::string& what) {
    throw std::runtime_error{path + ": " + what};
}

[[noreturn]] void fail_as_said(const std::string& path, const std::string& what) {
    fail(path, what + ": " + std::strerror(errno));
}

// Neither way takes the place of a file that has come meanwhile. NFS knows only the second, FAT
// only the first.
bool move_to_new(const std::string& from, const std::string& to) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno != EINVAL || link(from.c_str(), to.c_str()) != 0) return false;
    unlink(from.c_str());
    return true;
}

class Reading {
public:
    explicit Reading(const std::string& path) : path_(path), file_(open(path.c_str(), flags)) {
        if (file_ < 0) fail_as_said(path, "cannot be read");
    }
    ~Reading() { close(file_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    std::int64_t size() const {
        struct stat about {};
        if (fstat(file_, &about) != 0) fail_as_said(path_, "cannot be read");
        if (!S_ISREG(about.st_mode)) fail(path_, "is no file");
        return about.st_size;
    }
    std::size_t read_into(std::string& buffer) const {
        const auto count = read(file_, buffer.data(), buffer.size());
        if (count < 0) fail_as_said(path_, "cannot be read");
        return static_cast<std::size_t>(count);
    }

private:
    static constexpr int flags = O_RDONLY | O_CLOEXEC;
    const std::string path_;
    const int file_;
};

}  // namespace

std::string time_in_name(Time at) {
    auto text = rfc3339(at).substr(0, 19);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text + "Z";
}

PartFile::PartFile(const std::string& name, const std::string& suffix)
    : path_(name + suffix),
      file_(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (file_ < 0) fail_as_said(path_, "cannot be made");
    // SQLite's own locks are of another kind, so these two do not meet.
    if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
        close(file_);
        fail(path_, "another process is writing it");
    }
    struct stat about {};
    // Of a process that died just after it had given a whole file its name: see move_to_new().
    if (fstat(file_, &about) != 0 || about.st_nlink > 1) {
        close(file_);
        fail(path_, "is another file's name, too: remove it");
    }
    // Since it was opened another process may have made a whole file of it, and let it go.
    struct stat named {};
    if (lstat(path_.c_str(), &named) != 0 || named.st_ino != about.st_ino) {
        close(file_);
        fail(path_, "another process was writing it: try again");
    }
    for (const auto* beside : {"-journal", "-wal", "-shm"}) unlink((path_ + beside).c_str());
    if (fchmod(file_, 0600) != 0 || ftruncate(file_, 0) != 0) {
        const int error = errno;
        close(file_);
        errno = error;
        fail_as_said(path_, "cannot be made");
    }
}

PartFile::~PartFile() {
    if (!has_name_)
        for (const auto* beside : {"", "-journal", "-wal", "-shm"})
            unlink((path_ + beside).c_str());
    close(file_);
}

void PartFile::fill_from(
    const std::string& other,
    const std::function<void(std::int64_t done, std::int64_t of)>& progress
) {
    const Reading from{other};
    const auto of = from.size();
    std::string buffer(bytes_at_once, '\0');
    std::int64_t done = 0;
    while (const auto count = from.read_into(buffer)) {
        for (std::size_t at = 0; at < count;) {
            const auto written = ::write(file_, buffer.data() + at, count - at);
            if (written < 0) fail_as_said(path_, "cannot be written");
            at += static_cast<std::size_t>(written);
        }
        done += static_cast<std::int64_t>(count);
        progress(done, of);
    }
}

void PartFile::give_to_owner_of(const std::string& other) {
    struct stat owner {};
    if (geteuid() != 0 || stat(other.c_str(), &owner) != 0) return;
    if (fchown(file_, owner.st_uid, owner.st_gid) != 0) fail_as_said(path_, "cannot be given away");
}

void PartFile::put_on_disk() const {
    if (fsync(file_) != 0) fail_as_said(path_, "cannot be put on disk");
}

void PartFile::become(const std::string& name) {
    put_on_disk();
    if (!move_to_new(path_, name)) fail_as_said(name, "cannot be made");
    has_name_ = true;
    sync_directory_of(name);
}

void PartFile::replace(const std::string& name) {
    put_on_disk();
    if (std::rename(path_.c_str(), name.c_str()) != 0) fail_as_said(name, "cannot be replaced");
    has_name_ = true;
    sync_directory_of(name);
}

void sync_directory_of(const std::string& path) {
    const auto directory = std::filesystem::absolute(path).parent_path().string();
    const int file = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) fail_as_said(directory, "cannot be read");
    const int code = fsync(file);
    close(file);
    if (code != 0) fail_as_said(directory, "cannot be put on disk");
}

}  // namespace payments
