#include "commands/close.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "flow/close_payment.hpp"
#include "support/log.hpp"

namespace payments {

int run_close(const Settings& settings, const CloseOptions& options) {
    const auto id = id_as_written(options.transaction);
    if (!id) {
        std::cerr << "ozora-payments: --transaction must be a number, or TR and a number\n";
        return exit_code::wrong_usage;
    }
    redact_secrets(settings);
    log::set_level(std::max(settings.log_level, log::Level::warning));

    ProcessContext process{settings};
    boost::asio::io_context loop;
    LoopContext context{process, loop};
    CloseRequest request{*id, {options.reason, options.by}};
    const auto closed = run_to_end(loop, close_payment(context.flow, std::move(request)));
    if (!closed) {
        std::cerr << "ozora-payments: " << closed.error().detail << "\n";
        return closed.error().code == Errc::invalid_request ? exit_code::wrong_usage
                                                            : exit_code::failed;
    }
    std::cout << closed->reference() << " is " << name(closed->status) << "\n";
    return exit_code::done;
}

}  // namespace payments
