#pragma once

#include <memory>
#include <string>

#include "simulate/disk.hpp"
#include "storage/sqlite/database.hpp"

namespace payments::simulate {

// Where the simulated database is: a path (with an empty file there, which the store looks for),
// the migrated database with which every seed begins, and the connection by which the checks read.
class Place {
public:
    static Place& the();
    ~Place();

    const std::string& path() const { return path_; }
    sqlite::Database& reader() { return *reader_; }
    void begin_anew() { Disk::the().load(migrated_); }

private:
    Place();

    std::string directory_, path_;
    int owner_;  // the process that removes the directory
    Disk::Image migrated_;
    std::unique_ptr<sqlite::Database> reader_;
};

}  // namespace payments::simulate
