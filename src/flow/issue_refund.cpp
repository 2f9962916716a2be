#include "flow/issue_refund.hpp"

#include "flow/record_facts.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// Stripe forgets a key after 24 hours; what it lists counts from then on (docs/providers/stripe.md,
// 4.1 and 4.2).
constexpr auto repeated_for = 23h;

// One that was asked for before is not asked for again: what is known of it is the answer.
RefundReply as_it_stands(ReservedRefund known) {
    RefundResult said;
    said.reason = "the provider has not said yet what became of it";
    const auto facts = facts_of(known.transaction);
    if (facts.requests.at(known.order.name).made) said.kind = Outcome::accepted;
    return {std::move(known.order), std::move(known.transaction), std::move(said)};
}

// Asks the provider, while no database transaction is open, and keeps what it says.
Task<RefundReply> ask_for(FlowContext& world, Transaction attempt, Refund order) {
    auto said = co_await world.gateway(attempt.code.processor).refund(attempt, order);
    const auto now = co_await record_facts_about(world, attempt, Source::service, said.facts);
    if (said.kind != Outcome::accepted)
        log::warning("a refund was not confirmed", "refund", order.name, "reason", said.reason);
    co_return RefundReply{std::move(order), now, std::move(said)};
}

bool has_ended(const FlowContext& world, const Transaction& attempt, const PendingRefund& refund) {
    const auto call_ends = refund.asked_at + world.call_deadline(attempt.code.processor);
    return refund.unanswered || world.clock.now() >= call_ends;
}

// The same order under the same name is one and the same refund: its answer, lost before, is heard.
Task<Transaction> repeat(FlowContext& world, Transaction attempt) {
    for (const auto& refund : pending_refunds(attempt)) {
        const bool is_known_by_name = world.clock.now() - refund.asked_at < repeated_for;
        if (!is_known_by_name || !has_ended(world, attempt, refund)) continue;
        auto given = co_await ask_for(world, attempt, refund.order);
        attempt = std::move(given.transaction);
    }
    co_return attempt;
}

// What the provider lists is what was made. A refund whose call may still run is left alone.
Task<Transaction> look_up(FlowContext& world, Transaction attempt) {
    for (const auto& refund : pending_refunds(attempt))
        if (!has_ended(world, attempt, refund)) co_return attempt;
    auto settled = match_listed_refunds(attempt, world.clock.now());
    if (settled.empty()) co_return attempt;
    co_return co_await record_answer(world, std::move(attempt), std::move(settled));
}

}  // namespace

Task<Result<RefundReply>> issue_refund(
    FlowContext& world, std::int64_t transaction_id, RefundDetails wish, Source source
) {
    const auto known = co_await world.store.transaction(transaction_id);
    if (!known)
        co_return Error{
            Errc::unknown_transaction, "there is no transaction " + std::to_string(transaction_id)};
    const auto now = world.clock.now();
    const auto check_at = now + world.call_deadline(known->code.processor);
    NewRefund refund{transaction_id, std::move(wish), source, now, check_at};
    auto reserved = co_await world.store.reserve_refund(std::move(refund));
    if (!reserved) co_return reserved.error();
    if (!reserved->is_new) co_return as_it_stands(std::move(*reserved));
    co_return co_await ask_for(world, std::move(reserved->transaction), std::move(reserved->order));
}

Task<Transaction> reconcile_refunds(FlowContext& world, Transaction attempt) {
    if (!pending_refunds(attempt).empty()) {
        if (world.gateway(attempt.code.processor).has_idempotent_refunds())
            attempt = co_await repeat(world, std::move(attempt));
        attempt = co_await look_up(world, std::move(attempt));
    }
    if (!world.rules.refund_duplicates || !can_refund_duplicate(attempt)) co_return attempt;

    log::warning("a second payment of a fee is given back", "transaction_id", attempt.id);
    RefundDetails wish{{}, "this fee had been paid before", ""};
    auto given = co_await issue_refund(world, attempt.id, std::move(wish), Source::service);
    if (given) co_return std::move(given->transaction);
    co_return attempt;
}

}  // namespace payments
