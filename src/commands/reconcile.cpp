#include "commands/reconcile.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "commands/owners.hpp"
#include "commands/progress.hpp"
#include "flow/checks/reconcile_transactions.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

constexpr std::size_t silent_shown = 20;

std::optional<Time> read_since(const std::string& text) {
    // A date alone begins at midnight in UTC: the machine's own zone may differ from whoever asks.
    if (const auto time = parse_time(text)) return time;
    return parse_time(text + "T00:00:00Z");
}

Result<ReconcileRequest> read(const ReconcileOptions& options) {
    ReconcileRequest request;
    if (!options.transaction.empty()) {
        request.transaction_id = id_as_written(options.transaction);
        if (!request.transaction_id)
            return Error{
                Errc::invalid_request, "--transaction must be a number, or TR and a number"};
    }
    if (!options.since.empty()) {
        request.opened_since = read_since(options.since);
        if (!request.opened_since)
            return Error{
                Errc::invalid_request,
                "--since must be a date (2027-03-01, in UTC) or a time "
                "(2027-03-01T09:00:00+01:00)"};
    }
    if (options.owners.empty()) return request;
    auto owners = read_owners(options.owners);
    if (!owners) return owners.error();
    request.owners = std::move(*owners);
    return request;
}

std::string progress_of(const ReconcileResult& result) {
    return std::to_string(result.events.heard) + " events read, " + std::to_string(result.asked) +
           " transactions asked about, " + std::to_string(result.changes.size()) + " changes";
}

std::string_view company(Processor processor) {
    return processor == Processor::simplepay ? "SimplePay's" : "Stripe's";
}

void print_lost(const LostPayments& lost) {
    for (const auto& one : lost.list)
        std::cout << one.reference() << " is not on record: " << company(one.processor) << " "
                  << one.provider_id << " has taken " << one.amount.readable() << " for it ("
                  << one.detail << ")\n";
    if (!lost.complete)
        std::cout
            << "SimplePay was silent when it was asked about numbers that are not on record\n";
    if (!lost.list.empty())
        std::cout << lost.list.size() << " payments are not on record: find out whose each"
                  << " is, and put it on record with --owners FILE\n";
}

int print_sweep(const ReconcileResult& swept, bool with_events) {
    for (const auto& [reference, before, after] : swept.changes)
        std::cout << reference << " " << name(before) << " -> " << name(after) << "\n";
    if (!swept.silent.empty()) {
        std::cout << "no answer about";
        const auto shown = std::min(swept.silent.size(), silent_shown);
        for (std::size_t i = 0; i < shown; ++i) std::cout << " " << swept.silent[i];
        if (shown < swept.silent.size())
            std::cout << " and " << swept.silent.size() - shown << " others";
        std::cout << "\n";
    }
    for (const auto& [reference, outcome] : swept.adopted)
        std::cout << reference << (outcome ? " is on record again: " : " is not put on record: ")
                  << (outcome ? name(*outcome) : std::string_view{outcome.error().detail}) << "\n";
    print_lost(swept.lost);
    if (with_events)
        std::cout << swept.events.heard << " events of Stripe read"
                  << (swept.events.complete ? "" : ", then Stripe was silent") << ": "
                  << swept.events.matched << " about transactions of ours\n";
    std::cout << "asked about " << swept.asked << ", answered " << swept.answered << ", changed "
              << swept.changes.size() << ", silent " << swept.silent.size() << "\n";
    // A silence is not an error of ours, but a script must come again.
    const bool is_whole = swept.silent.empty() && swept.events.complete && swept.lost.complete;
    return is_whole && swept.lost.list.empty() ? exit_code::done : exit_code::failed;
}

Result<ReconcileResult> watched(
    boost::asio::io_context& loop, FlowContext& world, std::vector<ProviderEventSource*> events,
    ReconcileRequest request
) {
    auto reporter = ProgressReporter::to_standard_error("transactions");
    return run_to_end(
        loop,
        reconcile_transactions(
            world, std::move(events), request,
            [&reporter](const ReconcileResult& so_far) { reporter.report(progress_of(so_far)); }
        )
    );
}

}  // namespace

int reconcile(const Settings& settings, const ReconcileOptions& options) {
    const auto request = read(options);
    if (!request) {
        std::cerr << "ozora-payments: " << request.error().detail << "\n";
        return exit_code::wrong_usage;
    }
    log::outlive_readers();
    redact_secrets(settings);
    // What went well is printed; the log is left to what did not.
    log::set_level(std::max(settings.log_level, log::Level::warning));

    ProcessContext process{settings};
    boost::asio::io_context loop;
    LoopContext context{process, loop};
    std::vector<ProviderEventSource*> events;
    if (settings.stripe.is_used()) events = context.stripe.event_sources();
    const auto swept = watched(loop, context.flow, events, *request);
    if (!swept) {
        std::cerr << "ozora-payments: " << swept.error().detail << "\n";
        return exit_code::wrong_usage;
    }
    return print_sweep(*swept, !events.empty() && request->opened_since);
}

}  // namespace payments
