#include "commands/totals.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "commands/progress.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

namespace payments {

int run_rebuild_totals(const Settings& settings) {
    log::outlive_readers();
    RebuiltTotals rebuilt;
    {
        // Ends with this block, which clears its line before the result is printed.
        auto reporter = ProgressReporter::to_standard_error("transactions");
        VerifyOptions options;
        options.progress = [&](const VerifyProgress& progress) {
            reporter.report(progress.transactions, progress.of);
        };
        rebuilt = rebuild_totals(database_of(settings), SystemClock{}.now(), options);
    }
    std::cout << rebuilt.transactions << " transactions added up: " << rebuilt.corrected
              << " sums corrected\n";
    if (rebuilt.is_whole) return exit_code::done;
    std::cerr << "ozora-payments: somebody else corrects the sums: run this again\n";
    return exit_code::failed;
}

}  // namespace payments
