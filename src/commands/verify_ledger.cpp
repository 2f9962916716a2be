#include "commands/verify_ledger.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "commands/progress.hpp"

namespace payments {
namespace {

std::string words_of(const Difference& difference) {
    const auto& [transaction, detail] = difference;
    return (transaction == 0 ? "books" : "TR" + std::to_string(transaction)) + ": " + detail;
}

}  // namespace

LedgerReport print_ledger_report(const DatabaseTarget& database, int threads) {
    LedgerReport found;
    {
        // Ends with this block, which clears its line before the results are printed.
        auto reporter = ProgressReporter::to_standard_error("transactions");
        VerifyOptions options;
        options.threads = threads;
        options.progress = [&](const VerifyProgress& progress) {
            reporter.report(progress.transactions, progress.of);
        };
        found = verify_ledger(database, options);
    }
    for (const auto& difference : found.differences) std::cout << words_of(difference) << "\n";
    std::cout << found.transactions << " transactions, " << found.facts << " facts, "
              << found.messages << " messages, " << found.actions << " actions, "
              << found.settlement_files
              << " settlement files read again: " << found.differences.size() << " differences\n";
    return found;
}

namespace {

Task<bool> keep(HealthRecords& records, const Clock& clock, const LedgerReport& found) {
    LedgerCheck check{clock.now(), found.transactions};
    check.differences = static_cast<std::int64_t>(found.differences.size());
    if (check.differences > 0) check.first_difference = words_of(found.differences.front());
    co_await records.note_ledger_check(std::move(check));
    co_return true;
}

void keep(const DatabaseTarget& database, const LedgerReport& found) try {
    const SystemClock clock;
    boost::asio::io_context loop;
    const auto store = Stores{database}.of(loop);
    run_to_end(loop, keep(*store, clock, found));
} catch (const std::exception& broken) {
    std::cerr << "ozora-payments: the result could not be kept: " << broken.what() << "\n";
}

}  // namespace

int run_verify_ledger(const Settings& settings, const VerifyLedgerOptions& options) try {
    const auto database = database_of(settings);
    const auto found = print_ledger_report(database, options.threads);
    if (options.keeps_result) keep(database, found);
    return found.differences.empty() ? exit_code::done : exit_code::failed;
} catch (const StoreDown& down) {
    std::cerr << "ozora-payments: the books were not read to their end, which says nothing about "
                 "them: "
              << down.what() << "\n";
    return exit_code::unread;
}

}  // namespace payments
