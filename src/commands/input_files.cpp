#include "commands/input_files.hpp"

#include <fstream>
#include <ostream>
#include <sstream>

namespace payments {

Result<std::string> bytes_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream bytes;
    // An empty file is read as well as any; of a folder nothing can be.
    if (file && file.peek() == std::ifstream::traits_type::eof() && !file.bad() && file.eof())
        return std::string{};
    if (!(bytes << file.rdbuf())) return Error{Errc::invalid_request, "cannot be read"};
    return std::move(bytes).str();
}

void Complaints::add(const std::string& file, const Error& error) {
    if (error.wrong.empty()) add(file, error.detail);
    for (const auto& [place, detail] : error.wrong)
        add(file, place.empty() ? detail : place + " " + detail);
}

void Complaints::add(const std::string& file, const std::string& detail) {
    err_ << "ozora-payments: " << file << ": " << detail << "\n";
    any_ = true;
}

}  // namespace payments
