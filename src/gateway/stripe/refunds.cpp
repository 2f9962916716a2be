#include "gateway/stripe/refunds.hpp"

#include <algorithm>

#include "gateway/refund_outcomes.hpp"
#include "gateway/stripe/requests.hpp"
#include "gateway/stripe/units.hpp"

namespace payments::stripe {
namespace {

// What in a new refund is not as we asked; "" when all is.
std::string refund_difference(
    const Transaction& attempt, const Refund& refund, const json::object& object
) {
    const auto amount = integer_at(object, "amount");
    const auto money =
        amount ? from_units(*amount, json::string_or(object, "currency", "")) : std::nullopt;
    if (money != refund.amount) return "another amount";
    if (id_at(object, "payment_intent") != attempt.provider_id) return "another payment";
    if (name_of_refund(object, creation_key(attempt)) != refund.reference) return "another name";
    return {};
}

// For the caller. Any other code is told as Stripe has it (docs/providers/stripe.md, 3.3).
struct Refusal {
    std::string_view code, words;
} constexpr meanings[] = {
    {"charge_already_refunded", "everything has been given back already"},
    {"charge_disputed", "the bank is taking the money back (a dispute)"},
    {"amount_too_large", "the amount is more than is left"},
    {"resource_missing", "it does not know the payment"},
    {"balance_insufficient", "its balance is too low"},
    {"insufficient_funds", "its balance is too low"},
};

std::string words_for(const Complaint& complaint, int status) {
    const auto* known = std::ranges::find(meanings, complaint.code, &Refusal::code);
    if (known != std::end(meanings)) return std::string{known->words};
    if (status == 401 || status == 403) return "our key may not do this";
    return complaint.word();
}

}  // namespace

std::string refund_key(const Transaction& attempt, const Refund& refund) {
    const auto opened_ms = attempt.created_at.time_since_epoch().count();
    return "refund-" + refund.reference + "-" + std::to_string(opened_ms);
}

Result<std::string> refund_body(const Transaction& attempt, const Refund& refund) {
    const auto units = to_units(refund.amount);
    if (!units) return units.error();
    // Without a reason: `fraudulent` would block card and e-mail as well (docs/providers/stripe.md,
    // 7.1).
    return encode({
        {"payment_intent", attempt.provider_id},
        {"amount", std::to_string(*units)},
        {"metadata[refund]", refund.reference},
        {"metadata[transaction_id]", std::to_string(attempt.id)},
        {"metadata[attempt]", creation_key(attempt)},
    });
}

std::string refunds_query(std::string_view intent, std::string_view after) {
    Form form{{"payment_intent", std::string{intent}}, {"limit", "100"}};
    if (!after.empty()) form.emplace_back("starting_after", after);
    return encode(form);
}

RefundResult read_refund(
    const Transaction& attempt, const Refund& refund, const ProviderResponse& answer,
    bool sent_before
) {
    const auto open = [&](Outcome outcome, std::string why) {
        return gateway::unconfirmed_refund(outcome, refund, "Stripe", std::move(why));
    };
    const auto status = std::to_string(answer.status);
    if (const auto complaint = complaint_in(answer); complaint && !is_success(answer)) {
        const auto said = status + " " + complaint->word();
        // Something exists under the key that is not what we have sent now.
        const bool leaves_open = complaint->type == "idempotency_error" || is_unclear(answer) ||
                                 (sent_before && is_of_this_call_only(answer.status));
        if (leaves_open) return open(Outcome::unanswered, "Stripe: " + said);
        return gateway::refused_refund(
            Outcome::refused, refund,
            "Stripe refused the refund: " + words_for(*complaint, answer.status),
            "Stripe refused it: " + said
        );
    }
    if (is_unclear(answer)) return open(Outcome::unanswered, "Stripe answered " + status);

    const auto object = is_success(answer) ? object_of(answer.body) : std::nullopt;
    if (!object || json::string_or(*object, "object", "") != "refund")
        return open(Outcome::garbled, "the answer, status " + status + ", is no refund");
    if (const auto what = refund_difference(attempt, refund, *object); !what.empty())
        return open(Outcome::garbled, "the refund has " + what);
    auto facts = facts_of_refund(*object, attempt.account, creation_key(attempt));
    if (facts.empty() || !has_known_status(*object))
        return open(
            Outcome::garbled,
            "the refund's status is unknown: " + json::string_or(*object, "status", "none")
        );
    RefundResult refunded;
    refunded.outcome = Outcome::accepted;
    refunded.facts = std::move(facts);
    // The money is on our balance again, and the amount free (docs/providers/stripe.md, 7.3).
    if (refunded.facts.back().kind == FactKind::refund_failed) {
        refunded.outcome = Outcome::refused;
        refunded.reason = "the money could not be given back: " + refunded.facts.back().detail;
    }
    return refunded;
}

std::optional<RefundPage> read_refunds(const Transaction& attempt, const ProviderResponse& answer) {
    const auto body = is_success(answer) ? object_of(answer.body) : std::nullopt;
    const auto* data = body ? data_of(*body) : nullptr;
    if (!data) return std::nullopt;
    RefundPage page;
    for (const auto& item : *data) {
        const auto* object = item.if_object();
        // A part of a page would be taken for all of it, and money that left for money that is
        // left.
        if (!object) return std::nullopt;
        for (auto& fact : facts_of_refund(*object, attempt.account, creation_key(attempt)))
            page.facts.push_back(std::move(fact));
        page.last_id = json::string_or(*object, "id", "");
    }
    page.has_more = flag_at(*body, "has_more") && !page.last_id.empty();
    return page;
}

}  // namespace payments::stripe
