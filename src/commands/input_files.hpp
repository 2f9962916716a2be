#pragma once

#include <filesystem>
#include <iosfwd>
#include <limits>
#include <string>

#include "payment/error.hpp"

// Files that a command is given, and what is wrong with them.
namespace payments {

// The whole of a file. Errc::invalid_request when it cannot be read, or has more than `most` bytes:
// then no more than that was read of it.
Result<std::string> bytes_of(
    const std::filesystem::path& path,
    std::size_t most = std::numeric_limits<std::size_t>::max()
);
// The same of a file of a provider or bank.
Result<std::string> settlement_bytes_of(const std::filesystem::path& path);

// Tells what is wrong with files, each mistake in a line.
class Complaints {
public:
    // `err` outlives it.
    explicit Complaints(std::ostream& err) : err_(err) {}

    void add(const std::string& file, const Error& error);
    void add(const std::string& file, const std::string& detail);
    bool any() const { return any_; }

private:
    std::ostream& err_;
    bool any_ = false;
};

}  // namespace payments
