#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "payment/error.hpp"

// Files that a command is given, and what is wrong with them.
namespace payments {

// The whole of a file. Errc::invalid_request when it cannot be read.
Result<std::string> bytes_of(const std::filesystem::path& path);

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
