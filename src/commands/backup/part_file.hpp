#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "payment/fact.hpp"

namespace payments {

// As it stands in the names of files: 20261130T140905Z.
std::string time_in_name(Time at);

// A database file that is made under another name, its own and a suffix, and gets its own when it
// is whole. Nobody else may read it (mode 0600). What a process that died has left under that other
// name is overwritten; while another process is at it, the constructor throws. All throw
// std::runtime_error that names the file and the cause.
class PartFile {
public:
    PartFile(const std::string& name, const std::string& suffix);
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    ~PartFile();  // removes what did not get its name

    const std::string& path() const { return path_; }
    // Of another file, byte for byte; `progress` is told how many are there, of how many.
    void fill_from(
        const std::string& other,
        const std::function<void(std::int64_t done, std::int64_t of)>& progress
    );
    // Gives it to the owner of `other`, so that the service can use what root has made. Nothing
    // happens for whoever is not root.
    void give_to_owner_of(const std::string& other);
    // Both put it on disk and give it `name`, in place of nothing or of what is there.
    void become(const std::string& name);
    void replace(const std::string& name);

private:
    void put_on_disk() const;

    const std::string path_;
    int file_;
    bool has_name_ = false;
};

// Whose entries are on disk when this returns. Throws as above.
void sync_directory_of(const std::string& path);

}  // namespace payments
