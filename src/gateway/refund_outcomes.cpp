#include "gateway/refund_outcomes.hpp"

namespace payments::gateway {
namespace {

RefundResult with_fact(
    Outcome outcome, FactKind kind, const Refund& refund, std::string reason, std::string detail
) {
    RefundResult refunded;
    refunded.outcome = outcome;
    refunded.reason = std::move(reason);
    Fact fact;
    fact.kind = kind;
    fact.refund = refund.reference;
    fact.detail = std::move(detail);
    refunded.facts.push_back(std::move(fact));
    return refunded;
}

}  // namespace

RefundResult refused_refund(
    Outcome outcome, const Refund& refund, std::string reason, std::string detail
) {
    return with_fact(
        outcome, FactKind::refund_refused, refund, std::move(reason), std::move(detail)
    );
}

RefundResult unconfirmed_refund(
    Outcome outcome, const Refund& refund, const std::string& provider, std::string detail
) {
    // For the caller, who must not ask for the money in another way meanwhile.
    auto reason = outcome == Outcome::garbled
                      ? provider + "'s answer could not be understood; the refund is being checked"
                      : provider + " did not answer; the refund is being checked";
    return with_fact(
        outcome, FactKind::refund_unanswered, refund, std::move(reason), std::move(detail)
    );
}

}  // namespace payments::gateway
