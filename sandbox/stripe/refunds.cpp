#include "sandbox/stripe/objects.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "support/json.hpp"

namespace payments::sandbox {

using namespace stripe;

Stripe::Answer Stripe::create_refund(const Call& call) {
    const auto& form = call.form;
    const auto refuse = [](std::string_view code, std::string_view message,
                           std::string_view param) {
        return Answer{400, error_body("invalid_request_error", code, message, param)};
    };
    auto charge_id = form.get("charge");
    const auto intent_id = form.get("payment_intent");
    if (charge_id.empty() == intent_id.empty()) {
        auto answer = refuse(
            charge_id.empty() ? "parameter_missing" : "",
            "One of the following params should be provided for this request: payment_intent or "
            "charge.",
            "payment_intent"
        );
        answer.executed = false;
        return answer;
    }
    if (!intent_id.empty()) {
        const auto intent = intents_.find(intent_id);
        if (intent == intents_.end()) return {404, missing("payment_intent", intent_id)};
        if (!is(intent->second.object.at("status"), "succeeded")) {
            return refuse(
                "", "This PaymentIntent does not have a successful charge to refund.",
                "payment_intent"
            );
        }
        charge_id = intent->second.object.at("latest_charge").as_string();
    }
    auto* charge = find_object(charges_, charge_id);
    if (!charge) return {404, missing("charge", charge_id)};
    if (charge->at("disputed") == true) {
        return refuse("charge_disputed", "The charge has been charged back.", "charge");
    }
    const auto left =
        charge->at("amount_captured").get_int64() - charge->at("amount_refunded").get_int64();
    if (left <= 0) {
        return refuse(
            "charge_already_refunded", "Charge " + charge_id + " has already been refunded.", ""
        );
    }
    const auto amount = form.integer("amount", left);
    if (amount < 1 || amount > left) {
        return refuse(
            amount < 1 ? "parameter_invalid_integer" : "",
            "Refund amount (" + std::to_string(amount) +
                ") is greater than unrefunded amount on charge (" + std::to_string(left) + ").",
            "amount"
        );
    }
    return {200, add_refund(*charge, amount, form)};
}

// Gives `amount` of a charge back; the refund as it is now.
json::object& Stripe::add_refund(json::object& charge, std::int64_t amount, const Form& form) {
    const auto id = new_id("re_");
    auto refund = new_refund();
    refund["id"] = id;
    refund["amount"] = amount;
    refund["charge"] = charge.at("id");
    refund["payment_intent"] = charge.at("payment_intent");
    refund["currency"] = charge.at("currency");
    refund["created"] = now_s();
    refund["status"] = refunds_pending_ ? "pending" : "succeeded";
    if (!form.get("reason").empty()) refund["reason"] = form.get("reason");
    auto& metadata = refund["metadata"].get_object();
    for (const auto& [key, value] : form.map("metadata")) metadata[key] = value;
    charge["amount_refunded"] = charge.at("amount_refunded").get_int64() + amount;
    charge["refunded"] = charge.at("amount_refunded") == charge.at("amount_captured");
    auto& kept = refunds_[id] = std::move(refund);
    refund_order_.push_back(id);
    if (!refunds_pending_) settle_refund(kept);
    emit("refund.created", kept);
    emit(
        "charge.refunded", charge,
        {{"amount_refunded", charge.at("amount_refunded").get_int64() - amount}}
    );
    return kept;
}

Stripe::Answer Stripe::update_refund(const Call& call) {
    auto* refund = find_object(refunds_, call.id);
    if (!refund) return {404, missing("refund", call.id)};
    set_metadata(*refund, call.form);
    emit("charge.refund.updated", *refund);
    emit("refund.updated", *refund);
    return {200, *refund};
}

Stripe::Answer Stripe::list_refunds(const Call& call) {
    const auto charge = call.form.get("charge");
    const auto intent = call.form.get("payment_intent");
    const auto wanted = [&](const json::object& refund) {
        return (charge.empty() || is(refund.at("charge"), charge)) &&
               (intent.empty() || is(refund.at("payment_intent"), intent));
    };
    std::vector<const json::object*> newest_first;
    for (auto id = refund_order_.rbegin(); id != refund_order_.rend(); ++id) {
        newest_first.push_back(&refunds_.at(*id));
    }
    return answer_of(page_of(newest_first, wanted, call.form, "/v1/refunds"));
}

}  // namespace payments::sandbox
