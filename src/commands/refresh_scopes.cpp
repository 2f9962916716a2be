#include "commands/refresh_scopes.hpp"

#include <algorithm>
#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "commands/progress.hpp"
#include "flow/office/move_tickets.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

std::string words_of(const Refreshed& refreshed) {
    return std::to_string(refreshed.asked) + " tickets asked for, " +
           std::to_string(refreshed.placed) + " payments placed, " +
           std::to_string(refreshed.unknown) + " tickets unknown, " +
           std::to_string(refreshed.silent) + " without an answer";
}

}  // namespace

int run_refresh_scopes(const Settings& settings, const RefreshOptions& options) {
    log::outlive_readers();
    redact_secrets(settings);
    // What went well is printed; the log is left to what did not.
    log::set_level(std::max(settings.log_level, log::Level::warning));

    ProcessContext process{settings};
    boost::asio::io_context loop;
    LoopContext context{process, loop};
    Refreshed refreshed;
    {
        auto reporter = ProgressReporter::to_standard_error("tickets");
        refreshed = run_to_end(
            loop, refresh_scopes(
                      context.flow, options.per_second,
                      [&reporter](const Refreshed& so_far) { reporter.report(words_of(so_far)); }
                  )
        );
    }
    std::cout << words_of(refreshed) << "\n";
    if (!refreshed.is_end) std::cout << "the tickets service is down: run this again to go on\n";
    // A silence is not an error of ours, but a script must come again.
    return refreshed.is_end && refreshed.silent == 0 ? exit_code::done : exit_code::failed;
}

}  // namespace payments
