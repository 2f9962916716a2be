#include "sandbox/stripe/objects.hpp"

#include "support/json.hpp"

namespace payments::sandbox::stripe {
namespace {

constexpr std::string_view payment_intent_shape =
    R"({"id": "", "object": "payment_intent", "amount": 1099, "amount_capturable": 0,
"amount_details": {"tip": {}}, "amount_received": 0, "application": null,
"application_fee_amount": null, "automatic_payment_methods": null, "canceled_at": null,
"cancellation_reason": null, "capture_method": "automatic_async", "client_secret": "",
"confirmation_method": "automatic", "created": 0, "currency": "usd", "customer": null,
"description": null, "invoice": null, "last_payment_error": null, "latest_charge": null,
"livemode": false, "metadata": {}, "next_action": null, "on_behalf_of": null,
"payment_method": null, "payment_method_configuration_details": null,
"payment_method_options": {}, "payment_method_types": ["card"], "processing": null,
"receipt_email": null, "review": null, "setup_future_usage": null, "shipping": null,
"statement_descriptor": null, "statement_descriptor_suffix": null,
"status": "requires_payment_method", "transfer_data": null, "transfer_group": null})";

constexpr std::string_view charge_shape =
    R"({"id": "", "object": "charge", "amount": 0, "amount_captured": 0, "amount_refunded": 0,
"application": null, "application_fee": null, "application_fee_amount": null,
"balance_transaction": null, "billing_details": {"address": {"city": null, "country": null,
"line1": null, "line2": null, "postal_code": null, "state": null}, "email": null, "name": null,
"phone": null}, "calculated_statement_descriptor": null, "captured": false, "created": 0,
"currency": "usd", "customer": null, "description": null, "disputed": false,
"failure_balance_transaction": null, "failure_code": null, "failure_message": null,
"fraud_details": {}, "invoice": null, "livemode": false, "metadata": {}, "on_behalf_of": null,
"outcome": {"network_status": "approved_by_network", "reason": null, "risk_level": "normal",
"risk_score": 12, "seller_message": "Payment complete.", "type": "authorized"}, "paid": false,
"payment_intent": null, "payment_method": "",
"payment_method_details": {"card": {"amount_authorized": null, "brand": "visa",
"checks": {"address_line1_check": null, "address_postal_code_check": null,
"cvc_check": "pass"}, "country": "US", "exp_month": 12, "exp_year": 2034,
"extended_authorization": {"status": "disabled"}, "fingerprint": "sandboxfingerprt",
"funding": "credit", "incremental_authorization": {"status": "unavailable"},
"installments": null, "last4": "4242", "mandate": null,
"multicapture": {"status": "unavailable"}, "network": "visa", "network_token": {"used": false},
"overcapture": {"maximum_amount_capturable": 0, "status": "unavailable"},
"three_d_secure": null, "wallet": null}, "type": "card"}, "receipt_email": null,
"receipt_number": null, "receipt_url": null, "refunded": false, "review": null,
"shipping": null, "source_transfer": null, "statement_descriptor": null,
"statement_descriptor_suffix": null, "status": "succeeded", "transfer_data": null,
"transfer_group": null})";

constexpr std::string_view refund_shape =
    R"({"id": "", "object": "refund", "amount": 0, "balance_transaction": null, "charge": "",
"created": 0, "currency": "usd", "destination_details": {"card": {"reference": "7351",
"reference_status": "available", "reference_type": "acquirer_reference_number",
"type": "refund"}, "type": "card"}, "metadata": {}, "payment_intent": null, "reason": null,
"receipt_number": null, "source_transfer_reversal": null, "status": "succeeded",
"transfer_reversal": null})";

constexpr std::string_view dispute_shape =
    R"({"id": "", "object": "dispute", "amount": 1000, "balance_transactions": [], "charge": "",
"created": 0, "currency": "usd", "evidence": {"access_activity_log": null,
"billing_address": null, "cancellation_policy": null, "cancellation_policy_disclosure": null,
"cancellation_rebuttal": null, "customer_communication": null, "customer_email_address": null,
"customer_name": null, "customer_purchase_ip": null, "customer_signature": null,
"duplicate_charge_documentation": null, "duplicate_charge_explanation": null,
"duplicate_charge_id": null, "product_description": null, "receipt": null,
"refund_policy": null, "refund_policy_disclosure": null, "refund_refusal_explanation": null,
"service_date": null, "service_documentation": null, "shipping_address": null,
"shipping_carrier": null, "shipping_date": null, "shipping_documentation": null,
"shipping_tracking_number": null, "uncategorized_file": null, "uncategorized_text": null},
"evidence_details": {"due_by": 0, "has_evidence": false, "past_due": false,
"submission_count": 0}, "is_charge_refundable": true, "livemode": false, "metadata": {},
"payment_intent": null, "payment_method_details": {"card": {"brand": "visa",
"network_reason_code": "10.4"}, "type": "card"}, "reason": "fraudulent",
"status": "needs_response"})";

constexpr std::string_view payment_method_shape =
    R"({"id": "", "object": "payment_method", "billing_details": {"address": {"city": null,
"country": null, "line1": null, "line2": null, "postal_code": null, "state": null},
"email": null, "name": null, "phone": null}, "card": {"brand": "visa",
"checks": {"address_line1_check": null, "address_postal_code_check": null,
"cvc_check": "pass"}, "country": "US", "display_brand": "visa", "exp_month": 12,
"exp_year": 2034, "fingerprint": "sandboxfingerprt", "funding": "credit",
"generated_from": null, "last4": "4242", "networks": {"available": ["visa"],
"preferred": null}, "three_d_secure_usage": {"supported": true}, "wallet": null}, "created": 0,
"customer": null, "livemode": false, "metadata": {}, "type": "card"})";

constexpr std::string_view balance_transaction_shape =
    R"({"id": "", "object": "balance_transaction", "amount": 0, "available_on": 0,
"balance_type": "payments", "created": 0, "currency": "usd", "description": null,
"exchange_rate": null, "fee": 0, "fee_details": [], "net": 0, "reporting_category": "charge",
"source": "", "status": "pending", "type": "charge"})";

constexpr std::string_view payout_shape =
    R"({"id": "", "object": "payout", "amount": 0, "application_fee": null,
"application_fee_amount": null, "arrival_date": 0, "automatic": true,
"balance_transaction": null, "created": 0, "currency": "usd", "description": "STRIPE PAYOUT",
"destination": "ba_sandbox000000000000001", "failure_balance_transaction": null,
"failure_code": null, "failure_message": null, "livemode": false, "metadata": {},
"method": "standard", "original_payout": null, "payout_method": null,
"reconciliation_status": "in_progress", "reversed_by": null, "source_type": "card",
"statement_descriptor": null, "status": "pending", "trace_id": null, "type": "bank_account"})";

json::object from(std::string_view shape) { return json::parse(shape).value().get_object(); }

}  // namespace

json::object new_payment_intent() { return from(payment_intent_shape); }

json::object new_charge(const Card& card) {
    auto charge = from(charge_shape);
    auto& details = charge["payment_method_details"].get_object()["card"].get_object();
    details["brand"] = card.brand;
    details["network"] = card.brand;
    details["last4"] = card.last4();
    if (card.challenge) {
        details["three_d_secure"] = json::object{
            {"authentication_flow", "challenge"},
            {"result", "authenticated"},
            {"result_reason", nullptr},
            {"version", "2.2.0"}};
    }
    return charge;
}

json::object new_refund() { return from(refund_shape); }
json::object new_dispute() { return from(dispute_shape); }
json::object new_balance_transaction() { return from(balance_transaction_shape); }
json::object new_payout() { return from(payout_shape); }

json::object new_payment_method(const Card& card) {
    auto method = from(payment_method_shape);
    auto& details = method["card"].get_object();
    details["brand"] = card.brand;
    details["display_brand"] = card.brand;
    details["networks"].get_object()["available"] = json::array{json::value(card.brand)};
    details["last4"] = card.last4();
    return method;
}

json::object reduced(const json::object& payment_intent) {
    json::object visible;
    for (const auto name :
         {"id",
          "object",
          "amount",
          "amount_details",
          "automatic_payment_methods",
          "canceled_at",
          "cancellation_reason",
          "capture_method",
          "client_secret",
          "confirmation_method",
          "created",
          "currency",
          "description",
          "last_payment_error",
          "livemode",
          "next_action",
          "payment_method",
          "payment_method_configuration_details",
          "payment_method_types",
          "processing",
          "receipt_email",
          "setup_future_usage",
          "shipping",
          "status"}) {
        visible[name] = payment_intent.at(name);
    }
    return visible;
}

json::object card_error(const Card& card, const std::string& charge) {
    json::object error{{"type", "card_error"}, {"code", card.error_code}};
    if (!card.decline_code.empty()) error["decline_code"] = card.decline_code;
    error["message"] = card.message;
    error["doc_url"] = "https://stripe.com/docs/error-codes/" + card.error_code;
    if (!charge.empty()) error["charge"] = charge;
    return error;
}

}  // namespace payments::sandbox::stripe
