#include "commands/copy.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "commands/progress.hpp"
#include "commands/verify_ledger.hpp"
#include "config/values.hpp"
#include "storage/copy.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

// The databases that the options name; the error says what the option must be.
Result<DatabaseTarget> source(const CopyOptions& options) {
    const auto named = config::read_database(options.from);
    if (!named || named->is_postgres())
        return Error{Errc::invalid_request, "--from must be sqlite:PATH"};
    DatabaseTarget database;
    database.path = named->path;
    return database;
}

Result<DatabaseTarget> destination(const Settings& settings, const CopyOptions& options) {
    const auto named = config::read_database(options.to);
    if (!named || !named->is_postgres())
        return Error{Errc::invalid_request, "--to must be postgresql://..."};
    auto of_destination = settings;
    // The rest of the settings (password, timeouts) is the destination's.
    of_destination.database.path.clear();
    of_destination.database.url = named->url;
    redact_secrets(of_destination);
    return database_of(of_destination);
}

void copy_rows(const DatabaseTarget& from, const DatabaseTarget& to) {
    std::int64_t rows = 0;
    {
        auto reporter = ProgressReporter::to_standard_error("rows");
        rows = copy_to_postgres(from.path, to.server, [&](const CopyProgress& progress) {
            reporter.report(progress.rows, progress.of);
        });
    }
    std::cout << rows << " rows copied to " << to.place() << "\n";
}

}  // namespace

int copy(const Settings& settings, const CopyOptions& options) {
    log::outlive_readers();
    const auto from = source(options);
    const auto to = destination(settings, options);
    for (const auto* one : {&from, &to})
        if (!*one) std::cerr << "ozora-payments: " << one->error().detail << "\n";
    if (!from || !to) return exit_code::wrong_usage;

    // What differs is not carried over: later nobody could tell on which side it came about.
    if (!print_ledger_report(*from).differences.empty()) {
        std::cerr << "ozora-payments: nothing was copied; these differences come first\n";
        return exit_code::failed;
    }
    copy_rows(*from, *to);
    // Read again from the server, for what was sent need not be what was kept.
    const auto found = print_ledger_report(*to);
    return found.differences.empty() ? exit_code::done : exit_code::failed;
}

}  // namespace payments
