#include "payment/fact.hpp"

#include <algorithm>

namespace payments {
namespace {

constexpr std::string_view fact_kind_names[] = {
    "accepted",
    "unanswered",
    "authorized",
    "claimed",
    "contradicted",
    "captured",
    "cancelled",
    "expired",
    "failed",
    "attempt_failed",
    "returned",
    "refund_requested",
    "refund_unanswered",
    "refund_refused",
    "refund_pending",
    "refunded",
    "refund_failed",
    "disputed",
    "dispute_won",
    "dispute_lost",
    "dispute_prevented",
    "dispute_unclear",
    "inquiry",
    "inquiry_closed",
    "dispute_withdrawn",
    "dispute_reinstated",
    "dispute_fee",
    "dispute_fee_returned",
    "fraud_warning",
    "duplicate",
    "duplicate_ended",
    "closed",
    "foreign_payment",
    "still_payable",
    "no_longer_payable",
    "mismatched",
};
static_assert(std::size(fact_kind_names) == static_cast<std::size_t>(FactKind::mismatched) + 1);

}  // namespace

std::string_view name(FactKind kind) { return fact_kind_names[static_cast<std::size_t>(kind)]; }

Result<FactKind> fact_kind_of(std::string_view text) {
    const auto* found = std::ranges::find(fact_kind_names, text);
    if (found == std::end(fact_kind_names))
        return Error{Errc::internal, "unknown fact " + std::string{text}};
    return static_cast<FactKind>(found - fact_kind_names);
}

std::string Fact::identity() const {
    // It is stored beside the fact: written in another way, every old fact would be news when it is
    // heard again.
    std::string text{name(kind)};
    for (const auto& part :
         {subject,
          amount ? std::to_string(amount->minor()) + std::string{amount->currency().code()}
                 : std::string{},
          provider_id, account})
        text += "|" + part;
    if (!refund.empty()) text += "|" + refund;
    if (occurred_at) text += "|@" + std::to_string(occurred_at->time_since_epoch().count());
    return text;
}

std::optional<DisputeState> dispute_state_of(FactKind kind) {
    switch (kind) {
        case FactKind::disputed:
            return DisputeState::open;
        case FactKind::dispute_won:
            return DisputeState::won;
        case FactKind::dispute_lost:
            return DisputeState::lost;
        case FactKind::dispute_prevented:
            return DisputeState::prevented;
        case FactKind::dispute_unclear:
            return DisputeState::unclear;
        case FactKind::inquiry:
            return DisputeState::inquiry;
        case FactKind::inquiry_closed:
            return DisputeState::inquiry_closed;
        default:
            return {};
    }
}

}  // namespace payments
