#include "sandbox/stripe/objects.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "support/json.hpp"

// The control calls of the Stripe stand-in.
namespace payments::sandbox {

using namespace stripe;

namespace {

constexpr std::string_view calls =
    "create retrieve list search confirm cancel update capture refund get-refund update-refund "
    "list-refunds get-charge list-events get-event retry-event list-payouts get-payout "
    "list-balance "
    "get-balance";
constexpr std::string_view faults_of_calls =
    "429 lock-timeout 500-stored slow wrong-amount wrong-currency other-livemode other-order "
    "unknown-status extra-members";
constexpr std::string_view events =
    "webhook charge.captured charge.dispute.closed charge.dispute.created "
    "charge.dispute.funds_reinstated charge.dispute.funds_withdrawn charge.dispute.updated "
    "charge.failed charge.refunded charge.succeeded charge.updated "
    "payment_intent.amount_capturable_updated payment_intent.canceled payment_intent.created "
    "payment_intent.payment_failed payment_intent.requires_action payment_intent.succeeded "
    "payout.created payout.failed payout.paid payout.reconciliation_completed "
    "radar.early_fraud_warning.created "
    "refund.created refund.failed refund.updated";
constexpr std::string_view faults_of_events =
    "never late duplicate parallel-duplicate twin out-of-order bad-signature forged no-signature "
    "changed-after-signing stale thin wrong-amount wrong-currency other-livemode other-order "
    "unknown-type extra-members";
constexpr std::int64_t days_to_answer = 7;

constexpr KnownFaults faults_of_stripe[] = {
    {calls, true, faults_of_calls},
    {"create", true, "refuse"},
    {events, false, faults_of_events},
};

}  // namespace

std::span<const KnownFaults> Stripe::known_faults() const { return faults_of_stripe; }

Task<std::optional<Reply>> Stripe::control(Request request, json::object body) {
    const auto& path = request.path;
    if (path == "/control/payments") {
        json::array intents, charges, refunds;
        for (const auto& id : intent_order_) intents.push_back(intents_.at(id).object);
        for (const auto& [id, charge] : charges_) charges.push_back(charge);
        for (const auto& id : refund_order_) refunds.push_back(refunds_.at(id));
        co_return json_reply(
            200, {{"payments", intents}, {"charges", charges}, {"refunds", refunds}}
        );
    }
    if (path == "/control/deliveries") {
        co_return json_reply(200, {{"deliveries", deliveries_.list()}});
    }
    if (path == "/control/payouts") co_return list_money();
    if (request.method != "POST") co_return std::nullopt;
    if (path == "/control/bill") co_return bill(body);
    if (path == "/control/fail-payout") co_return refuse_payout(body);
    if (path == "/control/pay-out") co_return pay_out_by_hand(body);
    if (path == "/control/settings") co_return change_settings(body);
    if (path == "/control/pay") co_return pay(body);
    if (path == "/control/dispute") co_return dispute(body);
    if (path == "/control/fraud-warning") co_return warn_of_fraud(body);
    if (path == "/control/refund") co_return refund_by_hand(body);
    if (path == "/control/fail-refund") co_return fail_refund(body);
    if (path == "/control/forge") co_return forge(body);
    if (path == "/control/resend") co_return resend(body);
    co_return std::nullopt;
}

Reply Stripe::change_settings(const json::object& body) {
    keys_.webhook_url = json::string_or(body, "webhook_url", keys_.webhook_url);
    if (const auto* pending = json::find(body, "refunds_pending"); pending && pending->is_bool()) {
        refunds_pending_ = pending->get_bool();
    }
    if (!change_payout_settings(body, payout_settings_)) return refusal(400, "no such conversion");
    const auto* secrets = json::find(body, "webhook_secrets");
    if (secrets && secrets->is_array()) {
        keys_.webhook_secrets.clear();
        for (const auto& secret : secrets->get_array()) {
            if (secret.is_string()) keys_.webhook_secrets.emplace_back(secret.get_string());
        }
    }
    return json_reply(200, json::object{});
}

// A customer without a browser: confirms with a card, and answers the bank's question when asked
// ("challenge": "complete", "fail", or left open).
Reply Stripe::pay(const json::object& body) {
    const auto found = intents_.find(json::string_or(body, "payment_intent", ""));
    if (found == intents_.end()) return refusal(404, "no such payment_intent");
    auto& intent = found->second;
    Call call;
    call.version = "2024-04-10";
    const auto card = card_of(json::string_or(body, "card", "4242424242424242"));
    if (intent.object.at("status") == "requires_payment_method") attempt(call, intent, card);
    const auto challenge = json::string_or(body, "challenge", "");
    if (!challenge.empty()) end_challenge(intent, challenge == "complete");
    return json_reply(200, intent.object);
}

// Opens a dispute about a payment, or moves it to `status` (won, lost, ...).
Reply Stripe::dispute(const json::object& body) {
    const auto found = intents_.find(json::string_or(body, "payment_intent", ""));
    if (found == intents_.end()) return refusal(404, "no such payment_intent");
    const auto* latest = found->second.object.at("latest_charge").if_string();
    auto* charge = latest ? find_object(charges_, std::string{*latest}) : nullptr;
    if (!charge || charge->at("captured") != true) return refusal(409, "nothing was paid");
    const auto status = json::string_or(body, "status", "needs_response");
    const std::string charge_id{charge->at("id").as_string()};
    auto& dispute = disputes_[charge_id];
    const bool is_new = dispute.empty();
    if (is_new) {
        dispute = new_dispute();
        dispute["id"] = new_id("dp_");
        dispute["charge"] = charge_id;
        dispute["payment_intent"] = charge->at("payment_intent");
        dispute["amount"] = integer_or(body, "amount", charge->at("amount_captured").get_int64());
        dispute["currency"] = charge->at("currency");
        dispute["created"] = now_s();
        dispute["evidence_details"].get_object()["due_by"] = now_s() + days_to_answer * 86'400;
        dispute["reason"] = json::string_or(body, "reason", "fraudulent");
    }
    dispute["status"] = status;
    const bool inquiry = status.starts_with("warning_");
    const bool closed =
        status == "won" || status == "lost" || status == "prevented" || status == "warning_closed";
    (*charge)["disputed"] = !inquiry;
    if (is_new) emit("charge.dispute.created", dispute);
    if (!is_new && !closed) emit("charge.dispute.updated", dispute);
    if (!inquiry) move_disputed_money(dispute, status != "won");
    if (closed) emit("charge.dispute.closed", dispute);
    return json_reply(200, dispute);
}

// The disputed amount leaves our balance, or comes back to it, if it is not there yet.
void Stripe::move_disputed_money(json::object& dispute, bool is_taken) {
    auto& entries = dispute["balance_transactions"].get_array();
    const bool was_taken =
        !entries.empty() && entries.back().at("amount").to_number<std::int64_t>() < 0;
    if (is_taken == was_taken) return;
    const auto amount = dispute.at("amount").get_int64();
    Posting posting{"adjustment", is_taken ? "dispute" : "dispute_reversal"};
    posting.source = dispute.at("id").as_string();
    posting.currency = dispute.at("currency").as_string();
    posting.description = is_taken ? "Chargeback withdrawal" : "Chargeback reversal";
    posting.amount = is_taken ? -amount : amount;
    posting.fee = is_taken ? FeeKind::dispute : FeeKind::none;
    entries.push_back(balance_.lines.at(post(posting)));
    emit(is_taken ? "charge.dispute.funds_withdrawn" : "charge.dispute.funds_reinstated", dispute);
}

// The card's issuer believes that a payment is fraud.
Reply Stripe::warn_of_fraud(const json::object& body) {
    const auto found = intents_.find(json::string_or(body, "payment_intent", ""));
    if (found == intents_.end()) return refusal(404, "no such payment_intent");
    const json::object warning{
        {"id", new_id("issfr_")},
        {"object", "radar.early_fraud_warning"},
        {"actionable", true},
        {"charge", found->second.object.at("latest_charge")},
        {"created", now_s()},
        {"fraud_type", json::string_or(body, "fraud_type", "made_with_stolen_card")},
        {"livemode", false},
        {"payment_intent", found->second.object.at("id")}};
    emit("radar.early_fraud_warning.created", warning);
    return json_reply(200, warning);
}

// A refund made in the dashboard, not through the API.
Reply Stripe::refund_by_hand(const json::object& body) {
    const auto found = intents_.find(json::string_or(body, "payment_intent", ""));
    if (found == intents_.end()) return refusal(404, "no such payment_intent");
    const auto* latest = found->second.object.at("latest_charge").if_string();
    auto* charge = latest ? find_object(charges_, std::string{*latest}) : nullptr;
    if (!charge) return refusal(409, "nothing was paid");
    const auto left =
        charge->at("amount_captured").get_int64() - charge->at("amount_refunded").get_int64();
    const auto amount = integer_or(body, "amount", left);
    if (amount < 1 || amount > left) return refusal(409, "more than is left");
    return json_reply(200, add_refund(*charge, amount, Form{}));
}

// Ends a refund: "succeeded" (of a pending one), "failed" or "canceled"; then the money comes back.
Reply Stripe::fail_refund(const json::object& body) {
    auto* refund = find_object(refunds_, json::string_or(body, "refund", ""));
    if (!refund) return refusal(404, "no such refund");
    const auto status = json::string_or(body, "status", "failed");
    const auto before = refund->at("status");
    (*refund)["status"] = status;
    if (status == "succeeded" && refund->at("balance_transaction").is_null())
        settle_refund(*refund);
    if (status == "failed" || status == "canceled") {
        settle_failed_refund(*refund);
        if (status == "failed") (*refund)["failure_reason"] = "expired_or_canceled_card";
        auto* charge = find_object(charges_, std::string{refund->at("charge").as_string()});
        (*charge)["amount_refunded"] =
            charge->at("amount_refunded").get_int64() - refund->at("amount").get_int64();
        (*charge)["refunded"] = false;
        if (status == "failed") emit("refund.failed", *refund);
    }
    emit("refund.updated", *refund, {{"status", before}});
    return json_reply(200, *refund);
}

// Sends an event of `type` about `object` that never happened; signed with the right secret unless
// "fault" says otherwise ("forged", "stale", ...).
Reply Stripe::forge(const json::object& body) {
    const auto* object = json::find(body, "object");
    if (!object || !object->is_object()) return refusal(400, "object is an object");
    json::object event{
        {"id", json::string_or(body, "id", new_id("evt_"))},
        {"object", "event"},
        {"api_version", "2024-04-10"},
        {"created", now_s()},
        {"data", {{"object", *object}}},
        {"livemode", false},
        {"pending_webhooks", 1},
        {"request", {{"id", nullptr}, {"idempotency_key", nullptr}}},
        {"type", json::string_or(body, "type", "payment_intent.succeeded")}};
    Fault fault;
    fault.name = json::string_or(body, "fault", "");
    deliver(event, fault);
    return json_reply(200, event);
}

// By number of the delivery, or by event id.
Reply Stripe::resend(const json::object& body) {
    auto number = integer_or(body, "number", 0);
    const auto event = json::string_or(body, "event", "");
    for (const auto& delivery : deliveries_.list()) {
        if (number == 0 && delivery.at("about").as_string() == event) {
            number = delivery.at("number").to_number<std::int64_t>();
        }
    }
    const bool known = number > 0 && deliveries_.resend(static_cast<std::uint64_t>(number));
    return known ? json_reply(200, {{"resent", 1}}) : refusal(404, "nothing to resend");
}

}  // namespace payments::sandbox
