#include "support/temporary_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace payments {
namespace {

// "/tmp"; in words where TMPDIR names no folder.
std::string folder() {
    std::error_code none;
    const auto path = std::filesystem::temp_directory_path(none);
    return none ? "the folder that TMPDIR names" : path.string();
}

[[noreturn]] void fail(const std::string& what, int error) {
    throw TemporaryFilesDown{
        "temporary files cannot be " + what + " in " + folder() + ": " +
        std::generic_category().message(error) +
        "; make room on that disk, or name another folder by TMPDIR"};
}

int open_nameless_file() {
    auto path = (std::filesystem::path{folder()} / "ozora-payments-XXXXXX").string();
    const int file = ::mkostemp(path.data(), O_CLOEXEC);
    if (file < 0) fail("made", errno);
    ::unlink(path.c_str());
    return file;
}

}  // namespace

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), end_(std::exchange(other.end_, 0)) {}

TemporaryFile& TemporaryFile::operator=(TemporaryFile&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(end_, other.end_);
    return *this;
}

TemporaryFile::~TemporaryFile() {
    if (file_ >= 0) ::close(file_);
}

void TemporaryFile::check_room() {
    // As much as is put aside at once.
    TemporaryFile{}.append(std::string(std::size_t{64} << 10, '\0'));
}

std::uint64_t TemporaryFile::append(std::string_view bytes) {
    if (file_ < 0) file_ = open_nameless_file();
    auto at = end_;
    while (!bytes.empty()) {
        const auto done = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail("written", errno);
        at += static_cast<std::uint64_t>(done);
        bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return std::exchange(end_, at);
}

void TemporaryFile::read(std::uint64_t place, char* into, std::size_t bytes) const {
    for (std::size_t got = 0; got < bytes;) {
        const auto done =
            ::pread(file_, into + got, bytes - got, static_cast<off_t>(place + got));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) fail("read", done < 0 ? errno : EIO);
        got += static_cast<std::size_t>(done);
    }
}

}  // namespace payments
