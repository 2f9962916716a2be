#include "commands/verify_ledger.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "commands/progress.hpp"

namespace payments {

bool print_ledger_report(const DatabaseTarget& database) {
    LedgerReport found;
    {
        // Ends with this block, which clears its line before the results are printed.
        auto reporter = ProgressReporter::to_standard_error("transactions");
        VerifyOptions options;
        options.progress = [&](const VerifyProgress& progress) {
            reporter.report(progress.transactions, progress.of);
        };
        found = verify_ledger(database, options);
    }
    for (const auto& [transaction, detail] : found.differences)
        std::cout << (transaction == 0 ? "books" : "TR" + std::to_string(transaction)) << ": "
                  << detail << "\n";
    std::cout << found.transactions << " transactions, " << found.facts << " facts, "
              << found.messages << " messages, " << found.actions
              << " actions read again: " << found.differences.size() << " differences\n";
    return found.differences.empty();
}

int run_verify_ledger(const Settings& settings) try {
    return print_ledger_report(database_of(settings)) ? exit_code::done : exit_code::failed;
} catch (const StoreDown& down) {
    std::cerr << "ozora-payments: the books were not read to their end, which says nothing about "
                 "them: "
              << down.what() << "\n";
    return exit_code::unread;
}

}  // namespace payments
