#include "commands/backup/backup.hpp"

#include <filesystem>
#include <iostream>

#include "app/contexts.hpp"
#include "commands/backup/part_file.hpp"
#include "commands/exit_code.hpp"
#include "commands/note_backup.hpp"
#include "commands/progress.hpp"
#include "commands/verify_ledger.hpp"
#include "storage/sqlite/backup.hpp"
#include "support/log.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

namespace fs = std::filesystem;

int refuse_backup(const std::string& why) {
    std::cerr << "ozora-payments: " << why << "\n";
    return exit_code::wrong_usage;
}

int name_tools_that_back_up(const DatabaseTarget& database) {
    return refuse_backup(
        "this makes copies of SQLite, and the database is PostgreSQL (" + database.place() +
        "), whose own tools make them while the service runs:\n"
        "  pg_dump --format=custom --file=payments.dump URL   the database, as of one moment\n"
        "  pg_basebackup, or pgBackRest with archived logs    the server, up to any moment\n"
        "Afterwards: ozora-payments note-backup --at WHEN-IT-BEGAN (docs/operations.md, Backups)"
    );
}

fs::path file_of(const BackupOptions& options, Time at) {
    std::error_code ignored;
    if (!fs::is_directory(options.to, ignored)) return options.to;
    return fs::path{options.to} / ("payments-" + time_in_name(at) + ".db");
}

void check_schema(const DatabaseTarget& database) {
    std::error_code ignored;
    if (!fs::exists(database.path, ignored))
        throw StoreDown{"database " + database.path + ": the file does not exist"};
    if (!pending_migrations(database).empty())
        throw StoreDown{
            "database " + database.path +
            ": its schema is older than this program, which could not verify a copy; make the "
            "backup with the version that runs, then update"};
}

void copy_beside_service(const std::string& from, const std::string& to) {
    auto reporter = ProgressReporter::to_standard_error("pages");
    sqlite::copy_online(from, to, [&](std::int64_t done, std::int64_t of) {
        reporter.report(done, of);
    });
}

// The backup is good, whether or not it can be noted that there is one.
void note(const DatabaseTarget& database, Time at) try {
    keep_note_of_backup(database, at);
} catch (const std::exception& broken) {
    std::cerr << "ozora-payments: the backup could not be noted: " << broken.what() << "\n";
}

}  // namespace

int backup(const Settings& settings, const BackupOptions& options) {
    log::outlive_readers();
    const auto database = database_of(settings);
    if (database.is_postgres()) return name_tools_that_back_up(database);
    const auto at = SystemClock{}.now();
    const auto name = file_of(options, at).string();
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(name, ignored)))
        return refuse_backup(name + " is there already, and nothing is overwritten");
    check_schema(database);

    PartFile part{name, ".part"};
    copy_beside_service(database.path, part.path());
    DatabaseTarget copied;
    copied.path = part.path();
    // In the copy, too: whoever restores it is told since when the providers must be asked.
    keep_note_of_backup(copied, at);
    const auto found = print_ledger_report(copied);
    sqlite::end_log(part.path());
    if (!found.differences.empty()) {
        part.become(name + ".differs");
        std::cerr << "ozora-payments: the copy is " << name
                  << ".differs, and not noted as a backup: see whether `verify-ledger` finds the "
                     "same in the database\n";
        return exit_code::failed;
    }
    part.become(name);
    std::cout << name << ", " << fs::file_size(name) << " bytes\n";
    note(database, at);
    return exit_code::done;
}

}  // namespace payments
