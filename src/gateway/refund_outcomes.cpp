#include "gateway/refund_outcomes.hpp"

namespace payments::gateway {
namespace {

RefundResult with_fact(
    Outcome outcome, FactKind kind, const Refund& order, std::string reason, std::string detail
) {
    RefundResult refunded;
    refunded.kind = outcome;
    refunded.reason = std::move(reason);
    Fact fact;
    fact.kind = kind;
    fact.refund = order.name;
    fact.detail = std::move(detail);
    refunded.facts.push_back(std::move(fact));
    return refunded;
}

}  // namespace

RefundResult refused_refund(
    Outcome kind, const Refund& order, std::string reason, std::string detail
) {
    return with_fact(kind, FactKind::refund_refused, order, std::move(reason), std::move(detail));
}

RefundResult unconfirmed_refund(
    Outcome kind, const Refund& order, const std::string& provider, std::string detail
) {
    auto reason = kind == Outcome::garbled
                      ? provider + "'s answer could not be understood; the refund is being checked"
                      : provider + " did not answer; the refund is being checked";
    return with_fact(
        kind, FactKind::refund_unanswered, order, std::move(reason), std::move(detail)
    );
}

}  // namespace payments::gateway
