#include "support/spill.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace payments {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

int open_nameless_file() {
    auto path = (std::filesystem::temp_directory_path() / "ozora-payments-XXXXXX").string();
    const int file = ::mkostemp(path.data(), O_CLOEXEC);
    if (file < 0) fail("a temporary file " + path);
    ::unlink(path.c_str());
    return file;
}

}  // namespace

Spill::Spill(SpillShape shape) : block_bytes_(shape.block_bytes), parts_(shape.parts) {}

Spill::Spill(Spill&& other) noexcept
    : block_bytes_(other.block_bytes_),
      parts_(std::move(other.parts_)),
      file_(std::exchange(other.file_, -1)),
      end_(other.end_) {}

Spill& Spill::operator=(Spill&& other) noexcept {
    std::swap(block_bytes_, other.block_bytes_);
    std::swap(parts_, other.parts_);
    std::swap(file_, other.file_);
    std::swap(end_, other.end_);
    return *this;
}

Spill::~Spill() {
    if (file_ >= 0) ::close(file_);
}

void Spill::append(std::size_t part, std::string_view record) {
    auto& kept = parts_[part];
    const auto length = static_cast<Length>(record.size());
    const auto needed = kept.open.size() + sizeof length + record.size();
    if (needed > block_bytes_ && !kept.open.empty()) write(kept);
    if (kept.open.capacity() == 0) kept.open.reserve(block_bytes_);
    char bytes[sizeof length];
    std::memcpy(bytes, &length, sizeof length);
    kept.open.append(bytes, sizeof length).append(record);
}

void Spill::write(Kept& part) {
    if (file_ < 0) file_ = open_nameless_file();
    std::string_view rest = part.open;
    auto at = end_;
    while (!rest.empty()) {
        const auto done = ::pwrite(file_, rest.data(), rest.size(), static_cast<off_t>(at));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail("writing a temporary file");
        at += static_cast<std::uint64_t>(done);
        rest.remove_prefix(static_cast<std::size_t>(done));
    }
    part.written.push_back({end_, part.open.size()});
    end_ = at;
    part.open.clear();
}

void Spill::read(const Block& block, std::string& bytes) const {
    bytes.resize(block.bytes);
    for (std::size_t got = 0; got < block.bytes;) {
        const auto done = ::pread(
            file_, bytes.data() + got, block.bytes - got, static_cast<off_t>(block.at + got)
        );
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail("reading a temporary file");
        if (done == 0) throw std::system_error{EIO, std::generic_category(), "a temporary file"};
        got += static_cast<std::size_t>(done);
    }
}

Spill::Part Spill::load(std::size_t part) const {
    const auto& kept = parts_[part];
    Part loaded;
    // Strings that move would take short records with them.
    loaded.blocks.reserve(kept.written.size() + 1);
    const auto note = [&](std::string_view record) { loaded.records.push_back(record); };
    for (const auto& block : kept.written) {
        read(block, loaded.blocks.emplace_back());
        walk(loaded.blocks.back(), note);
    }
    loaded.blocks.push_back(kept.open);
    walk(loaded.blocks.back(), note);
    return loaded;
}

}  // namespace payments
