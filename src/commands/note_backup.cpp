#include "commands/note_backup.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

// Of the machine that made it and this one.
constexpr std::chrono::minutes clocks_differ{1};

Task<bool> keep(HealthRecords& records, Time at) {
    co_await records.note_backup(at);
    co_return true;
}

}  // namespace

void keep_note_of_backup(const DatabaseTarget& database, Time at) {
    boost::asio::io_context loop;
    const auto store = Stores{database}.of(loop);
    run_to_end(loop, keep(*store, at));
}

int note_backup(const Settings& settings, const NoteBackupOptions& options) {
    const auto now = SystemClock{}.now();
    const auto at = options.at.value_or(now);
    if (at > now + clocks_differ) {
        std::cerr << "ozora-payments: " << rfc3339(at) << " has not come yet\n";
        return exit_code::wrong_usage;
    }
    keep_note_of_backup(database_of(settings), at);
    std::cout << "a backup of " << rfc3339(at) << " is noted\n";
    return exit_code::done;
}

}  // namespace payments
