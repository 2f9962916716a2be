#include "flow/retry_unmatched.hpp"

#include "flow/receive_notification.hpp"
#include "flow/record_facts.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

constexpr int tried_at_once = 50;

// What an unmatched message says now; each fact says that it was learned late, for whoever wonders
// why its time is not the message's.
Heard reread(const Rules& rules, const UnmatchedMessage& unmatched, Heard read) {
    auto heard = Heard::retried(unmatched, std::move(read));
    add_captures_of_claims(rules, heard.facts);
    for (auto& fact : heard.facts)
        fact.detail += (fact.detail.empty() ? "" : "; ") + std::string{"in message "} +
                       unmatched.message.identity + ", which had come before its payment was known";
    return heard;
}

}  // namespace

Task<std::optional<std::int64_t>> try_again(FlowContext& context, UnmatchedMessage unmatched) {
    const auto processor = unmatched.message.processor;
    const auto identity = unmatched.message.identity;
    auto notification =
        context.gateway(processor).read_kept_without_verifying(unmatched, context.clock.now());
    if (!notification) {
        log::warning(
            "a kept notification cannot be read", "processor", name(processor), "identity",
            identity, "reason", notification.error().detail
        );
        co_return std::nullopt;
    }
    auto heard = reread(context.rules, unmatched, std::move(notification->heard));
    const auto recorded = co_await record_facts(context, std::move(heard));
    if (!recorded.transaction) co_return std::nullopt;
    log::info(
        "a kept notification has found its transaction", "processor", name(processor), "identity",
        identity, "transaction_id", recorded.transaction->id
    );
    co_return recorded.transaction->id;
}

Task<std::size_t> retry_unmatched(FlowContext& context) {
    auto due = co_await context.store.claim_unmatched(context.clock.now(), tried_at_once);
    for (auto& unmatched : due) co_await try_again(context, std::move(unmatched));
    co_return due.size();
}

}  // namespace payments
