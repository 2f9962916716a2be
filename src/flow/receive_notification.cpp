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

Task<Result<Received>> receive_notification(
    FlowContext& context, Processor from, std::string signature, std::string body
) {
    const auto now = context.clock.now();
    auto& gateway = context.gateway(from);
    auto notification = gateway.read(signature, body, now);
    if (!notification) co_return notification.error();

    auto& heard = notification->heard;
    add_captures_of_claims(context.rules, heard.facts);
    const auto unmatched_reason = heard.unmatched_reason;
    const auto recorded = co_await record_facts(context, std::move(heard));

    Received received{std::move(notification->acknowledgement), from};
    received.matched = recorded.transaction.has_value();
    received.news = recorded.news;
    if (!received.matched)
        log::warning(
            "a notification matches no transaction and is kept", "processor", name(from), "reason",
            unmatched_reason
        );
    co_return received;
}

}  // namespace payments
