#pragma once

#include <string>

#include "config/settings.hpp"

namespace payments {

struct BackupOptions {
    std::string to;  // a file that is not there yet, or a directory, in which it is named by time
};

// `ozora-payments backup`: copies the SQLite database as it is at one moment, beside the service
// and without stopping it, reads the copy's books again, and notes in the database that there is a
// backup. The file has its name only when all of it is on disk, mode 0600. Whose books differ gets
// another name, for nobody to take it for a good one. Returns exit_code::done; failed when the
// books of the copy differ; wrong_usage when there is something by that name, or the database is
// PostgreSQL, whose own tools it names. Throws StoreDown and std::runtime_error.
int backup(const Settings& settings, const BackupOptions& options);

}  // namespace payments
