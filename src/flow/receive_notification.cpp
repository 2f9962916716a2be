#include "flow/receive_notification.hpp"

#include <algorithm>
#include <chrono>

#include "flow/record_facts.hpp"
#include "support/log.hpp"

namespace payments {

void add_captures_of_claims(const Rules& rules, std::vector<Fact>& facts) {
    const auto claim = std::ranges::find(facts, FactKind::claimed, &Fact::kind);
    if (claim == facts.end()) return;
    constexpr std::chrono::milliseconds just_heard{0};
    if (auto captured = capture_without_confirmation(rules.confirm, *claim, just_heard))
        facts.push_back(std::move(*captured));
}

namespace {

// A notice of a payment of ours, at an account that is not set up any more, is the only trace of
// that payment: it is kept, as unmatched, and the provider is told no, so that it comes again when
// the account is set up as a retired one. It may be forged, so it teaches nothing.
Task<Result<Received>> refuse(
    FlowContext& context, Processor from, std::string signature, std::string body, Time now,
    Error why
) {
    auto read = context.gateway(from).read_unverifiable(signature, body, now);
    if (!read || !read->subject.transaction_id) co_return why;
    auto& unverified = *read;
    const auto known = co_await context.store.transaction(*unverified.subject.transaction_id);
    const bool is_about_ours = known && known->account == unverified.subject.account &&
                               known->provider_id == unverified.subject.provider_id &&
                               !known->provider_id.empty();
    if (!is_about_ours) co_return why;
    auto kept = Heard::unmatchable(
        unverified.source, unverified.at, std::move(*unverified.message),
        "not verified: account " + known->account + " of " + known->reference() + " is not set up"
    );
    const auto recorded = co_await record_facts(context, std::move(kept));
    if (recorded.news)
        log::error(
            "a notification about an account that is not set up is kept", "transaction_id",
            known->id, "account", known->account
        );
    co_return why;
}

Task<Result<Received>> acknowledge(
    Task<Recorded> recording, Received received, std::string unmatched_reason
) {
    const auto recorded = co_await std::move(recording);
    received.matched = recorded.transaction.has_value();
    received.news = recorded.news;
    if (!received.matched)
        log::warning(
            "a notification matches no transaction and is kept", "processor",
            name(received.processor), "reason", unmatched_reason
        );
    co_return received;
}

}  // namespace

// No coroutine, as record_facts().
Task<Result<Received>> receive_notification(
    FlowContext& context, Processor from, std::string signature, std::string body
) {
    const auto now = context.clock.now();
    auto notification = context.gateway(from).read(signature, body, now);
    if (!notification)
        return refuse(
            context, from, std::move(signature), std::move(body), now, notification.error()
        );

    auto& heard = notification->heard;
    add_captures_of_claims(context.rules, heard.facts);
    auto unmatched_reason = heard.unmatched_reason;
    Received received{std::move(notification->acknowledgement), from};
    return acknowledge(
        record_facts(context, std::move(heard)), std::move(received), std::move(unmatched_reason)
    );
}

}  // namespace payments
