#pragma once

#include <cstdint>
#include <string>

#include "config/settings.hpp"

namespace payments {

struct RestoreOptions {
    std::string from;       // a backup: one SQLite file
    bool replaces = false;  // what is there is put aside
    bool despite_differences = false;
    std::int64_t count = 100'000;  // numbers to pass over, as in ReserveOptions
};

// `ozora-payments restore`: copies a backup beside the place of the database, brings it up to date,
// reads its books again, passes over the numbers that the providers may know (reserve_numbers, and
// all that the database in its place has given, as far as that can be read), and
// only then puts it in its place, in one step: whenever it is killed, the database is the one from
// before or all of the new one. What was there is kept under another name. Says what to do next.
// Returns exit_code::done; failed when the backup's books differ; wrong_usage when a process has
// the database open, when one is there and is not to be replaced, or when it is PostgreSQL, whose
// own tools it names. Throws StoreDown and std::runtime_error.
int restore(const Settings& settings, const RestoreOptions& options);

}  // namespace payments
