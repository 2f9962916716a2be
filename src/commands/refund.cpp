#include "commands/refund.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "flow/refund_payment.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

int print(const Error& error) {
    std::cerr << "ozora-payments: " << error.detail << "\n";
    // The two after which nobody knows whether money left (docs/design.md, 3.2).
    if (error.code == Errc::provider_timeout || error.code == Errc::provider_garbled)
        std::cerr << "whatever was asked for stays reserved until the provider has spoken; see "
                     "`ozora-payments reconcile --transaction "
                  << error.transaction_id << "`\n";
    return error.code == Errc::invalid_request ? exit_code::wrong_usage : exit_code::failed;
}

int print(const RefundReply& given) {
    const auto& transaction = given.transaction;
    const auto in_all = Money::of(transaction.refunded_minor, transaction.amount.currency());
    std::cout << given.refund.reference << ": " << given.refund.amount.decimal() << " "
              << given.refund.amount.currency().code()
              << (is_on_its_way(transaction, given.refund.reference) ? " on its way back; "
                                                                     : " given back; ")
              << transaction.reference() << " is " << name(transaction.status) << ", "
              << (in_all ? in_all->decimal() : std::to_string(transaction.refunded_minor)) << " of "
              << transaction.amount.decimal() << " in all\n";
    return exit_code::done;
}

}  // namespace

int refund(const Settings& settings, const RefundOptions& options) {
    const auto id = id_as_written(options.transaction);
    if (!id) {
        std::cerr << "ozora-payments: --transaction must be a number, or TR and a number\n";
        return exit_code::wrong_usage;
    }
    log::outlive_readers();
    redact_secrets(settings);
    log::set_level(std::max(settings.log_level, log::Level::warning));

    RefundRequest request;
    request.transaction_id = *id;
    if (!options.amount.empty()) request.amount = options.amount;
    request.reason = options.reason;
    request.by = options.by;
    // Without one, repeating the command is another refund.
    request.key = options.key;

    ProcessContext process{settings};
    boost::asio::io_context loop;
    LoopContext context{process, loop};
    const auto given = run_to_end(loop, refund_payment(context.flow, std::move(request)));
    return given ? print(*given) : print(given.error());
}

}  // namespace payments
