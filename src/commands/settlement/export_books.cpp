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
namespace {

// Each with the decisions that counted when it was made.
std::vector<settlement::ClosingInBooks> closings_in(const std::vector<KeptDecision>& kept) {
    std::vector<settlement::ClosingInBooks> closings;
    for (const auto& closing : ledger::closings_in(kept)) {
        auto until = kept;
        std::erase_if(until, [&](const KeptDecision& decision) {
            return decision.at > closing.at;
        });
        closings.push_back(
            {settlement::journal::month_text(closing.month), closing.at, closing.files, closing.by,
             closing.reason, ledger::that_count(until)}
        );
    }
    return closings;
}

}  // namespace

int run_export_books(const Settings& settings, const BooksExportOptions& options) {
    log::outlive_readers();
    redact_secrets(settings);
    const auto begins = settlement_rules_of(settings).begins;
    const auto kept = open_settlements(database_of(settings)).decisions();
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
        OurSideRequest all{begins, {now}};
        all.in_order = all.needs_status = true;
        run_to_end(loop, hear_our_side(*store, std::move(all), write));
        output.write(settlement::books_tail(ledger::that_count(kept), closings_in(kept)));
    }
    output.finish();
    std::cerr << count << " transactions\n";
    return exit_code::done;
}

}  // namespace payments
