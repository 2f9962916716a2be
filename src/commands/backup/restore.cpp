#include "commands/backup/restore.hpp"

#include <filesystem>
#include <iostream>

#include "app/contexts.hpp"
#include "commands/backup/part_file.hpp"
#include "commands/exit_code.hpp"
#include "commands/progress.hpp"
#include "commands/reserve_numbers.hpp"
#include "commands/verify_ledger.hpp"
#include "storage/personal_ledger.hpp"
#include "storage/sqlite/backup.hpp"
#include "support/log.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

namespace fs = std::filesystem;

int refuse_restore(const std::string& why) {
    std::cerr << "ozora-payments: " << why << "\n";
    return exit_code::wrong_usage;
}

bool is_there(const std::string& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

int name_tools_that_restore(const DatabaseTarget& database) {
    return refuse_restore(
        "this restores SQLite, and the database is PostgreSQL (" + database.place() +
        "), whose own tools do that:\n"
        "  pg_restore --dbname=URL payments.dump       into a database that is empty\n"
        "  pg_basebackup's or pgBackRest's directory   as the server's own\n"
        "Before the service is started: ozora-payments reserve-numbers, verify-ledger, and what was"
        " erased since: visitor erase --again;\n"
        "afterwards: ozora-payments reconcile --since WHEN-THE-BACKUP-BEGAN"
        " (docs/operations.md, Backups)"
    );
}

std::string in_use_by(pid_t process, const std::string& path) {
    return (process == 0 ? std::string{"another process"} : "process " + std::to_string(process)) +
           " has " + path + " open: stop the service first";
}

// What keeps it from being put in place, for the operator; "" when nothing does.
std::string why_not(const std::string& path, const RestoreOptions& options) {
    if (is_there(options.from + "-wal"))
        return options.from + "-wal is there: " + options.from +
               " is no backup but a database that was in use, or a copy without its log; make a "
               "backup of it with `ozora-payments backup`";
    std::error_code ignored;
    if (fs::equivalent(options.from, path, ignored))
        return path + " cannot be restored from itself";
    if (const auto process = sqlite::user_of(path)) return in_use_by(*process, path);
    if (is_there(path) && !options.replaces)
        return path + " is there already: with --replace it is put aside, under another name";
    return "";
}

void fill(PartFile& part, const std::string& from) {
    auto reporter = ProgressReporter::to_standard_error("bytes");
    part.fill_from(from, [&](std::int64_t done, std::int64_t of) { reporter.report(done, of); });
}

void bring_up_to_date(const DatabaseTarget& database) {
    for (const auto& name : migrate(database)) std::cout << "applied migration " << name << "\n";
}

// The time of the newest backup that the copy knows of, which it is itself when `backup` made it.
std::optional<Time> made_at(const DatabaseTarget& database) {
    boost::asio::io_context loop;
    const auto store = Stores{database}.of(loop);
    return run_to_end(loop, store->health_record(Time::max(), Time::max())).backup_at;
}

// What was in the place of the database is kept, for whatever can still be found in it. "" when
// nothing was. A log that cannot be ended belongs to a damaged file, and goes beforehand: the new
// database must never lie beside the log of another.
std::string put_aside(const std::string& path) {
    if (!is_there(path) && !is_there(path + "-wal")) return "";
    const auto aside = path + ".before-" + time_in_name(SystemClock{}.now());
    try {
        if (sqlite::has_log(path)) sqlite::end_log(path);
    } catch (const StoreDown& damaged) {
        if (const auto process = sqlite::user_of(path)) throw;
        std::cerr << "ozora-payments: put aside as it is: " << damaged.what() << "\n";
    }
    for (const auto* beside : {"-wal", "-shm", "-journal"})
        if (is_there(path + beside)) fs::rename(path + beside, aside + beside);
    if (!is_there(path)) return "";
    fs::create_hard_link(path, aside);
    return aside;
}

constexpr std::int64_t erasures_together = 1'000;

// What was erased since the backup was made is in it again: noted in the copy as to be erased, as
// the database knows it in whose place the copy goes. False when that cannot be read.
bool note_erasures(const std::string& path, const DatabaseTarget& copy, const Settings& settings) {
    if (!is_there(path) || !sqlite::has_log(path)) return false;
    DatabaseTarget before;
    before.path = path;
    const auto rules = personal_rules_of(settings);
    std::size_t noted = 0;
    try {
        PersonalLedger known{open_database(before), rules};
        PersonalLedger restored{open_database(copy), rules};
        for (std::int64_t behind = 0;;) {
            auto asked = known.asked_since(Time{}, behind, erasures_together);
            if (asked.empty()) break;
            behind = asked.back().transaction_id;
            const auto repeated = restored.ask_again(std::move(asked), SystemClock{}.now());
            noted += repeated.noted.size();
            for (const auto id : repeated.unknown)
                std::cout << "TR" << id << " was erased, and is not in the backup\n";
        }
    } catch (const StoreDown& damaged) {
        std::cerr << "ozora-payments: " << path
                  << ": what was erased cannot be read: " << damaged.what() << "\n";
        return false;
    }
    if (noted > 0)
        std::cout << noted << " payments were erased since the backup: `serve` erases them again,"
                  << " or `erase-due` at once\n";
    return true;
}

void say_what_is_next(std::optional<Time> made, std::int64_t last_number, bool are_erasures_noted) {
    const auto since = made ? rfc3339(*made) : std::string{"WHEN-THE-BACKUP-BEGAN"};
    std::cout << "numbers up to TR" << last_number << " are passed over\n";
    if (!are_erasures_noted)
        std::cout << "next: what was erased since is in there again; before the service starts:\n"
                  << "  ozora-payments visitor erase --again LIST --why \"restored\""
                     " (docs/personal_data.md, 4)\n";
    std::cout << "next: start the service, then ask the providers what came to pass since:\n"
              << "  ozora-payments reconcile --since " << since << "\n";
}

}  // namespace

int restore(const Settings& settings, const RestoreOptions& options) {
    log::outlive_readers();
    const auto database = database_of(settings);
    if (database.is_postgres()) return name_tools_that_restore(database);
    const auto& path = database.path;
    if (const auto reason = why_not(path, options); !reason.empty()) return refuse_restore(reason);

    PartFile part{path, ".restoring"};
    fill(part, options.from);
    DatabaseTarget copy;
    copy.path = part.path();
    bring_up_to_date(copy);
    if (!print_ledger_report(copy).differences.empty() && !options.despite_differences) {
        std::cerr << "ozora-payments: nothing was restored: the books of " << options.from
                  << " differ; take another backup, or say --despite-differences\n";
        return exit_code::failed;
    }
    const auto made = made_at(copy);
    const auto last_number =
        reserve_numbers_beyond(copy, options.count, sqlite::last_number_in(path));
    const bool are_erasures_noted = note_erasures(path, copy, settings);
    sqlite::end_log(part.path());
    part.give_to_owner_of(is_there(path) ? path : fs::absolute(path).parent_path().string());

    // It took a while: somebody may have started the service.
    if (const auto process = sqlite::user_of(path))
        return refuse_restore(in_use_by(*process, path));
    const auto aside = put_aside(path);
    part.replace(path);
    std::cout << path << " is restored";
    if (!aside.empty()) std::cout << "; what was there is " << aside;
    std::cout << "\n";
    say_what_is_next(made, last_number, are_erasures_noted);
    return exit_code::done;
}

}  // namespace payments
