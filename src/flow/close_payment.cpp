#include "flow/close_payment.hpp"

#include "flow/checks/check_attempt.hpp"
#include "flow/record_facts.hpp"
#include "support/log.hpp"

namespace payments {

namespace {

std::optional<NewAction> action_of(const CloseRequest& request, ActionKind kind, Time now) {
    if (!request.person) return {};
    ActionDetails details{{"reason", request.details.reason}};
    return NewAction{kind, *request.person, now, request.transaction_id, std::move(details)};
}

}  // namespace

Task<Result<Transaction>> close_payment(FlowContext& context, CloseRequest request) {
    const auto known = co_await context.store.transaction(request.transaction_id);
    if (!known) co_return unknown_transaction(request.transaction_id);
    const auto possible = request_close(*known, request.details, context.clock.now());
    if (!possible) co_return possible.error();

    const auto checked = co_await check_attempt(context, *known);
    auto now = checked.transaction;
    const auto closed = request_close(now, request.details, context.clock.now());
    // The provider has just said how it ended.
    const bool is_over = !is_live(now.status) && !holds_fee(now);
    if (!closed && is_over) co_return now;
    if (!closed) co_return closed.error();

    // In the minute after its deadline the check leaves it open. Nobody may pay it once its fee is
    // on offer again.
    if (checked.result.is_payable || checked.result.is_cancellable) {
        // On record before the provider is told: should this process die before it hears what
        // became of it, the provider's word ends the payment, and somebody had asked for it.
        if (auto asked = action_of(request, ActionKind::ask_close, context.clock.now())) {
            const auto kept = co_await context.store.record_action(std::move(*asked));
            if (!kept) co_return kept.error();
        }
        now = co_await cancel_attempt(context, std::move(now));
        const auto still = request_close(now, request.details, context.clock.now());
        if (!still && !has_ended_unpaid(now.status)) co_return still.error();
    }

    log::warning("a person has ended a payment", "transaction_id", now.id);
    std::vector<Fact> facts{*closed};
    // Until its provider says that it is over there too, somebody may still pay it: a cancellation
    // that got lost is made up for by asking on.
    const auto at = context.clock.now();
    auto action = action_of(request, ActionKind::close, at);
    auto heard = Heard::about(now.id, Source::staff, at, std::move(facts)).and_check();
    auto done = std::move(heard).and_done_by(std::move(action));
    const auto recorded = co_await record_facts(context, std::move(done));
    co_return recorded.transaction.value_or(now);
}

}  // namespace payments
