#include "simulate/place.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "storage/sqlite/migrations.hpp"
#include "support/log.hpp"

namespace payments::simulate {

Place& Place::the() {
    static Place place;
    return place;
}

Place::Place() : owner_(::getpid()) {
    auto pattern = (std::filesystem::temp_directory_path() / "payments-simulate-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error{"no temporary directory"};
    directory_ = pattern;
    path_ = directory_ + "/payments.db";
    // The faults are intended, so the service's log is off; formatting its lines would cost time.
    log::set_level(static_cast<log::Level>(static_cast<int>(log::Level::error) + 1));
    Disk::the();
    sqlite::migrate(path_);
    migrated_ = Disk::the().image();
    reader_ = std::make_unique<sqlite::Database>(path_, sqlite::Database::Access::read, 0);
}

Place::~Place() {
    std::error_code ignored;
    if (::getpid() == owner_) std::filesystem::remove_all(directory_, ignored);
}

}  // namespace payments::simulate
