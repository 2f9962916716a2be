#include "flow/close_payment.hpp"

#include "flow/check_attempt.hpp"
#include "flow/record_facts.hpp"
#include "support/log.hpp"

namespace payments {

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
        now = co_await cancel_attempt(context, std::move(now));
        const auto still = request_close(now, request.details, context.clock.now());
        if (!still && !has_ended_unpaid(now.status)) co_return still.error();
    }

    log::warning("a person has ended a payment", "transaction_id", now.id);
    std::vector<Fact> facts{*closed};
    // Until its provider says that it is over there too, somebody may still pay it: a cancellation
    // that got lost is made up for by asking on.
    const auto at = context.clock.now();
    std::optional<NewAction> action;
    if (request.person) {
        ActionDetails details{{"reason", request.details.reason}};
        action.emplace(
            ActionKind::close, std::move(*request.person), at, now.id, std::move(details)
        );
    }
    auto heard = Heard::about(now.id, Source::staff, at, std::move(facts));
    auto done = std::move(heard).and_check().and_done_by(std::move(action));
    const auto recorded = co_await record_facts(context, std::move(done));
    co_return recorded.transaction.value_or(now);
}

}  // namespace payments
