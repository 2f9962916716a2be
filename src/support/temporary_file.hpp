#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace payments {

// Temporary files can be written or read no more: their disk is full, only reads, or is not there.
// The message names the folder and says what to do. The HTTP API answers it as a database that is
// down.
struct TemporaryFilesDown : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A file without a name, which is gone with the process, in the folder of temporary files (TMPDIR,
// else /tmp). Made when something is put into it. For one thread. Throws TemporaryFilesDown.
class TemporaryFile {
public:
    TemporaryFile() = default;
    TemporaryFile(TemporaryFile&& other) noexcept;
    TemporaryFile& operator=(TemporaryFile&& other) noexcept;
    ~TemporaryFile();

    // That something can be put into such a file now.
    static void check_room();

    // Puts bytes behind what is there, all or none, and gives their place.
    std::uint64_t append(std::string_view bytes);
    void read(std::uint64_t place, char* into, std::size_t bytes) const;

private:
    int file_ = -1;  // until something is written
    std::uint64_t end_ = 0;
};

}  // namespace payments
