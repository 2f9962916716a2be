#include "flow/retry_unmatched.hpp"

#include "flow/receive_notification.hpp"
#include "flow/record.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

constexpr int tried_at_once = 50;

// What a kept message says now. A transaction that was opened after the message had come cannot be
// what it is about: numbers start again when a database was restored from a copy.
Heard heard_in(FlowContext& world, UnmatchedMessage kept, Heard heard) {
    heard.message.reset();
    heard.kept = kept.number;
    heard.subject.opened_by = kept.received_at;
    believe_claims(world.rules, heard.facts);
    for (auto& fact : heard.facts)
        fact.detail += (fact.detail.empty() ? "" : "; ") + std::string{"in message "} +
                       kept.message.identity + ", which had come before its payment was known";
    return heard;
}

Task<void> try_again(FlowContext& world, UnmatchedMessage kept) {
    const auto processor = kept.message.processor;
    const auto identity = kept.message.identity;
    auto notification =
        world.gateway(processor).read_kept_without_verifying(kept, world.clock.now());
    if (!notification) {
        log::warning(
            "a kept notification cannot be read", "processor", name(processor), "identity",
            identity, "reason", notification.error().detail
        );
        co_return;
    }
    auto heard = heard_in(world, std::move(kept), std::move(notification->heard));
    const auto recorded = co_await record(world, std::move(heard));
    if (recorded.transaction)
        log::info(
            "a kept notification has found its transaction", "processor", name(processor),
            "identity", identity, "transaction_id", recorded.transaction->id
        );
}

}  // namespace

Task<std::size_t> retry_unmatched(FlowContext& world) {
    auto due = co_await world.store.claim_unmatched(world.clock.now(), tried_at_once);
    for (auto& kept : due) co_await try_again(world, std::move(kept));
    co_return due.size();
}

}  // namespace payments
