#include "commands/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace payments {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

// A rename would put a file in its place: as root also in that of /dev/null.
bool is_no_file(const std::string& name) {
    struct stat found {};
    return stat(name.c_str(), &found) == 0 && !S_ISREG(found.st_mode);
}

}  // namespace

OutputFile::OutputFile(const std::string& name)
    : name_(name), part_(is_no_file(name) ? name : name + ".part"), file_(STDOUT_FILENO) {
    if (name_ == "-") return;
    // Files for accountants are nobody else's.
    file_ = open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file_ < 0) fail(part_);
}

OutputFile::~OutputFile() {
    if (file_ == STDOUT_FILENO) return;
    close(file_);
    if (!is_whole_ && part_ != name_) unlink(part_.c_str());
}

void OutputFile::write(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(file_, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(name_);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void OutputFile::finish() {
    if (file_ == STDOUT_FILENO || part_ == name_) return;
    if (fsync(file_) != 0) fail(part_);
    if (std::rename(part_.c_str(), name_.c_str()) != 0) fail(name_);
    is_whole_ = true;
}

}  // namespace payments
