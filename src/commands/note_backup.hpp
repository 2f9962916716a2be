#pragma once

#include <optional>

#include "config/settings.hpp"
#include "payment/fact.hpp"

namespace payments {

struct DatabaseTarget;

struct NoteBackupOptions {
    std::optional<Time> at{};  // when it was begun; now when nothing
};

// `ozora-payments note-backup`: keeps in the database that a backup was made, for getHealth and
// `doctor`, which cannot see one that lies elsewhere (docs/operations.md, "Backups"). To be run by
// whatever makes backups, after each that went well. Returns exit_code::done, or wrong_usage for a
// time that has not come. Throws StoreDown.
int note_backup(const Settings& settings, const NoteBackupOptions& options);

// The same of any database, and nothing is printed. Throws StoreDown.
void keep_note_of_backup(const DatabaseTarget& database, Time at);

}  // namespace payments
