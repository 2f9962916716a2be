#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

// Copies of a database as one file, and whether a process has one open (docs/operations.md,
// "Backups"). The functions block their thread.
namespace payments::sqlite {

// Copies the database at `from` as it is at one moment to `to`, a file that nobody else uses and
// that is overwritten, while the service goes on writing: its log cannot shrink meanwhile. `to` is
// one file in the end, without a log beside it. `progress` is called after every 8 MiB, with pages.
// Throws StoreDown.
void copy_online(
    const std::string& from, const std::string& to,
    const std::function<void(std::int64_t done, std::int64_t of)>& progress
);

// Whether the file begins as an SQLite database with a log beside it does. Of any other SQLite
// would delete the log, with whatever can still be found in it.
bool has_log(const std::string& path);

// Writes what the log beside a database holds into its file and removes the log, so that the file
// is all of it; the service begins another. Throws StoreDown, also while another process has it
// open.
void end_log(const std::string& path);

// The last number that this database has given to a transaction, or passed over; 0 where it cannot
// be read, which is left as it is. Nobody else may have it open.
std::int64_t last_number_in(const std::string& path);

// A process that has the database open, or had it open when it was deleted: its id, or 0 where that
// cannot be told (it is in another container). Nothing when there is none. The calling process must
// not have it open. Of what was deleted it finds processes of this user, or all as root.
std::optional<pid_t> user_of(const std::string& path);

}  // namespace payments::sqlite
