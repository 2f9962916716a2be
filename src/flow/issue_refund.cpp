#include "flow/issue_refund.hpp"

#include "flow/record_facts.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// Stripe forgets an idempotency key after 24 hours, and the same refund sent again would then be a
// second one; from then on only its list counts (docs/providers/stripe.md, 4.1 and 4.2).
constexpr auto resent_for = 23h;

// A refund that was asked for before is not asked for again: what is known of it is the reply.
RefundReply current_reply(ReservedRefund known) {
    RefundResult result;
    result.reason = "the provider has not said yet what became of it";
    const auto facts = facts_of(known.transaction);
    if (facts.refund_states.at(known.refund.reference).made) result.outcome = Outcome::accepted;
    return {std::move(known.refund), std::move(known.transaction), std::move(result)};
}

// Asks the provider, while no database transaction is open, and records what it says.
Task<RefundReply> send_refund(FlowContext& context, Transaction attempt, Refund refund) {
    auto result = co_await context.gateway(attempt.code.processor).refund(attempt, refund);
    const auto now = co_await record_facts_about(context, attempt, Source::service, result.facts);
    if (result.outcome != Outcome::accepted)
        log::warning(
            "a refund was not confirmed", "refund", refund.reference, "reason", result.reason
        );
    co_return RefundReply{std::move(refund), now, std::move(result)};
}

bool call_has_ended(
    const FlowContext& context, const Transaction& attempt, const PendingRefund& pending
) {
    const auto call_ends = pending.asked_at + context.call_deadline(attempt.code.processor);
    return pending.unanswered || context.clock.now() >= call_ends;
}

// The same refund under the same reference is one and the same: the provider repeats its answer,
// which was lost before.
Task<Transaction> resend_pending(FlowContext& context, Transaction attempt) {
    for (const auto& pending : pending_refunds(attempt)) {
        const bool has_key = context.clock.now() - pending.asked_at < resent_for;
        if (!has_key || !call_has_ended(context, attempt, pending)) continue;
        auto reply = co_await send_refund(context, attempt, pending.refund);
        attempt = std::move(reply.transaction);
    }
    co_return attempt;
}

// What the provider lists is what was made. While a refund's call may still run nothing is matched:
// the listed refund could be its own, and another of the same amount would be taken for made.
Task<Transaction> match_listed(FlowContext& context, Transaction attempt) {
    for (const auto& pending : pending_refunds(attempt))
        if (!call_has_ended(context, attempt, pending)) co_return attempt;
    // What is repeated may be made by its last repetition, long after the first call.
    const bool is_repeated = context.gateway(attempt.code.processor).has_idempotent_refunds();
    const auto repeated_for = is_repeated ? resent_for : 0h;
    auto settled = match_listed_refunds(attempt, context.clock.now(), repeated_for);
    if (settled.empty()) co_return attempt;
    co_return co_await record_answer(context, attempt, std::move(settled));
}

}  // namespace

Task<Result<RefundReply>> issue_refund(
    FlowContext& context, std::int64_t transaction_id, RefundDetails details, Source source
) {
    const auto known = co_await context.store.transaction(transaction_id);
    if (!known) co_return unknown_transaction(transaction_id);
    const auto now = context.clock.now();
    const auto check_at = now + context.call_deadline(known->code.processor);
    NewRefund refund{transaction_id, std::move(details), source, now, check_at};
    auto reserved = co_await context.store.reserve_refund(std::move(refund));
    if (!reserved) co_return reserved.error();
    if (!reserved->is_new) co_return current_reply(std::move(*reserved));
    co_return co_await send_refund(
        context, std::move(reserved->transaction), std::move(reserved->refund)
    );
}

Task<Transaction> reconcile_refunds(FlowContext& context, Transaction attempt) {
    if (!pending_refunds(attempt).empty()) {
        if (context.gateway(attempt.code.processor).has_idempotent_refunds())
            attempt = co_await resend_pending(context, std::move(attempt));
        attempt = co_await match_listed(context, std::move(attempt));
    }
    if (!context.rules.refund_duplicates || !can_refund_duplicate(attempt)) co_return attempt;

    RefundDetails details{{}, "this fee had been paid before", ""};
    details.only_if_duplicate = true;  // decided once more behind the lock
    auto reply = co_await issue_refund(context, attempt.id, std::move(details), Source::service);
    if (!reply) co_return attempt;
    log::warning("a second payment of a fee is given back", "transaction_id", attempt.id);
    co_return std::move(reply->transaction);
}

}  // namespace payments
