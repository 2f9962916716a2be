#include "commands/settlement/export_books.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/actor.hpp"
#include "commands/exit_code.hpp"
#include "commands/output_file.hpp"
#include "commands/progress.hpp"
#include "flow/settlement/our_books.hpp"
#include "settlement/our_side.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

namespace payments {

int run_export_books(const Settings& settings, const BooksExportOptions& options) {
    log::outlive_readers();
    redact_secrets(settings);
    const auto begins = settlement_rules_of(settings).begins;
    const auto decisions = ledger::that_count(open_settlements(database_of(settings)).decisions());
    const auto now = SystemClock{}.now();

    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    OutputFile output{options.output};
    NewAction action{
        ActionKind::exported, actor_of(options.by), now, {}, ActionDetails{{"what", "books"}}};
    run_to_end(loop, store->record_action(std::move(action))).value();
    const auto newest = run_to_end(loop, store->newest_attempt());
    std::int64_t count = 0;
    {
        auto reporter = ProgressReporter::to_standard_error("transactions");
        output.write(settlement::books_head(now));
        const auto write = [&](std::size_t, const settlement::OurTransaction& transaction) {
            output.write((count++ == 0 ? "" : ",\n") + settlement::written(transaction));
            if (newest) reporter.report(transaction.id, newest->id);
        };
        run_to_end(loop, hear_our_side(*store, begins, {now}, write));
        output.write(settlement::books_tail(decisions));
    }
    output.finish();
    std::cerr << count << " transactions\n";
    return exit_code::done;
}

}  // namespace payments
