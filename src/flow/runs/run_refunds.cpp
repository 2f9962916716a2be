#include "flow/runs/run_refunds.hpp"

#include <algorithm>

#include "flow/poll.hpp"
#include "flow/refund_payment.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// A person who pauses a run is heard by the next claim; this is how soon one who starts it is.
constexpr auto seen_within = 500ms;

std::chrono::milliseconds pace_of(const FlowContext& context) {
    return std::chrono::milliseconds{1min} / context.rules.refund_run_pace;
}

RefundRequest request_for(const ClaimedItem& claimed) {
    const auto& [item, run] = claimed;
    RefundRequest request;
    request.transaction_id = item.transaction_id;
    request.amount = item.amount.decimal();
    request.reason = run.reason;
    request.by = run.started_by.sub;
    request.key = item.key();
    request.person = run.started_by;
    request.only_after_minor = item.refunded_minor;
    return request;
}

// Nothing was asked for: the provider did not say how the payment stands, or something happened to
// the payment just now.
ItemOutcome not_asked(const Transaction& transaction, const Error& error) {
    if (error.code == Errc::provider_timeout) return {ItemState::waiting, {}, error.detail};
    const auto why = why_left_out(transaction);
    return {ItemState::left_out, why.value_or(LeftOut::changed), {}};
}

// What became of it is read from the payment's facts, and not from the answer: they say the same
// whoever asked, and whenever that process died.
Task<ItemOutcome> ask(FlowContext& context, const ClaimedItem& claimed) {
    const auto& item = claimed.item;
    auto request = request_for(claimed);
    const auto reply = co_await refund_payment(context, std::move(request));
    const auto now = co_await context.store.transaction(item.transaction_id);
    if (!now) co_return ItemOutcome{ItemState::left_out, LeftOut::unknown, {}};
    if (!refund_of(*now, item).empty())
        if (auto known = known_outcome(*now, item)) co_return std::move(*known);
    if (reply) co_return ItemOutcome{ItemState::unknown, {}, {}};
    co_return not_asked(*now, reply.error());
}

Task<ItemOutcome> outcome_of(FlowContext& context, const ClaimedItem& claimed) {
    const auto transaction = co_await context.store.transaction(claimed.item.transaction_id);
    if (!transaction) co_return ItemOutcome{ItemState::left_out, LeftOut::unknown, {}};
    if (auto known = known_outcome(*transaction, claimed.item)) co_return std::move(*known);
    if (!context.gateway(claimed.item.processor).has_account(transaction->account))
        co_return ItemOutcome{ItemState::left_out, LeftOut::no_account, {}};
    co_return co_await ask(context, claimed);
}

void tell(const RefundRun& before, const SettledItem& settled) {
    const auto& run = settled.run;
    if (run.state == before.state) return;
    if (run.state == RunState::paused && run.paused_because != RunPause::person)
        log::error(
            "a refund run has stopped by itself", "run_id", run.id, "because",
            name(run.paused_because)
        );
    if (run.state == RunState::done) log::info("a refund run is done", "run_id", run.id);
}

Task<std::chrono::milliseconds> run_round(FlowContext& context, Processor processor) {
    const auto began = context.clock.now();
    if (!co_await refund_due_item(context, processor)) co_return seen_within;
    const auto took = std::chrono::milliseconds{context.clock.now() - began};
    co_return std::clamp(pace_of(context) - took, 0ms, pace_of(context));
}

}  // namespace

Task<bool> refund_due_item(FlowContext& context, Processor processor) {
    ItemClaim claim{processor, context.clock.now()};
    // It asks the provider twice: how the payment stands, and for the refund.
    claim.lease = 2 * context.call_deadline(processor);
    claim.pace = pace_of(context);
    const auto claimed = co_await context.runs->claim_item(claim);
    if (!claimed) co_return false;
    const auto& item = claimed->item;
    auto outcome = co_await outcome_of(context, *claimed);
    // Still unknown: the lease is when to look again.
    if (item.state == ItemState::unknown && outcome.state == ItemState::unknown) co_return true;
    const auto now = context.clock.now();
    const auto settled = co_await context.runs->settle_item(item, std::move(outcome), now);
    if (settled) tell(claimed->run, *settled);
    co_return true;
}

Task<void> keep_running_refunds(FlowContext& context, Processor processor) {
    Round round = [processor](FlowContext& here) { return run_round(here, processor); };
    return poll(context, "refund runs", std::move(round));
}

}  // namespace payments
