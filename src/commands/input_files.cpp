#include "commands/input_files.hpp"

#include <fstream>
#include <ostream>

#include "settlement/readers/readers.hpp"

namespace payments {

Result<std::string> bytes_of(const std::filesystem::path& path, std::size_t most) {
    std::ifstream file{path, std::ios::binary};
    std::string bytes;
    // Of a folder nothing can be read; what has no size, as a pipe, is read until its end.
    std::string piece(std::size_t{64} << 10, '\0');
    while (file && bytes.size() <= most) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        bytes.append(piece, 0, static_cast<std::size_t>(file.gcount()));
    }
    if (bytes.size() > most)
        return Error{
            Errc::invalid_request,
            "has more than " + std::to_string(most) +
                " bytes: take a shorter period, or cut a table between two rows and give each part "
                "its first line"};
    if (!file.eof() || file.bad()) return Error{Errc::invalid_request, "cannot be read"};
    return bytes;
}

Result<std::string> settlement_bytes_of(const std::filesystem::path& path) {
    return bytes_of(path, settlement::file_bytes_max);
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
