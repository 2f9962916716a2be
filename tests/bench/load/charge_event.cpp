#include "messages.hpp"

// A charge as Stripe's published fixtures have it (stripe/openapi, fixtures3.json, 2026-07-29),
// with all members that are null there, in the two-space indentation in which Stripe sends its
// events.
namespace payments::bench {

// clang-format off
const std::string_view charge_event_text = R"({
  "id": "evt_bench{id}",
  "object": "event",
  "api_version": "2024-04-10",
  "created": {now},
  "data": {
    "object": {
      "amount": 22000,
      "amount_captured": 22000,
      "amount_refunded": 0,
      "application": null,
      "application_fee": null,
      "application_fee_amount": null,
      "balance_transaction": "txn_bench{id}",
      "billing_details": {
        "address": {
          "city": "Budapest",
          "country": "HU",
          "line1": "Sas utca 1",
          "line2": null,
          "postal_code": "1051",
          "state": null
        },
        "email": "visitor@example.com",
        "name": "A Visitor",
        "phone": null,
        "tax_id": null
      },
      "calculated_statement_descriptor": null,
      "captured": true,
      "created": {now},
      "currency": "eur",
      "customer": null,
      "description": "TR{id}",
      "disputed": false,
      "failure_balance_transaction": null,
      "failure_code": null,
      "failure_message": null,
      "fraud_details": {},
      "id": "ch_bench{id}",
      "livemode": false,
      "metadata": {
        "reference": "TR{id}",
        "ticket_id": "{id}",
        "transaction_id": "{id}"
      },
      "object": "charge",
      "on_behalf_of": null,
      "outcome": {
        "advice_code": null,
        "network_advice_code": null,
        "network_decline_code": null,
        "network_status": "approved_by_network",
        "reason": null,
        "seller_message": "Payment complete.",
        "type": "authorized"
      },
      "paid": true,
      "payment_intent": "pi_bench{id}",
      "payment_method": "pm_bench{id}",
      "payment_method_details": {
        "card": {
          "amount_authorized": 22000,
          "brand": "visa",
          "checks": {
            "address_line1_check": "pass",
            "address_postal_code_check": "pass",
            "cvc_check": "pass"
          },
          "country": "US",
          "exp_month": 8,
          "exp_year": 2030,
          "extended_authorization": {
            "status": "disabled"
          },
          "fingerprint": "AOB934RVNwzk6xtn",
          "funding": "credit",
          "incremental_authorization": {
            "status": "unavailable"
          },
          "installments": {
            "plan": {
              "count": null,
              "interval": null,
              "type": "fixed_count"
            }
          },
          "last4": "4242",
          "mandate": null,
          "multicapture": {
            "status": "unavailable"
          },
          "network": "visa",
          "network_token": {
            "used": false
          },
          "overcapture": {
            "maximum_amount_capturable": 22000,
            "status": "unavailable"
          },
          "three_d_secure": {
            "authentication_flow": null,
            "electronic_commerce_indicator": null,
            "exemption_indicator": null,
            "result": null,
            "result_reason": null,
            "transaction_id": null,
            "version": null
          },
          "wallet": {
            "dynamic_last4": null,
            "type": "link"
          },
          "authorization_code": null,
          "regulated_status": null,
          "network_transaction_id": null,
          "transaction_link_id": null
        },
        "type": "card"
      },
      "receipt_email": null,
      "receipt_number": null,
      "receipt_url": "https://pay.stripe.com/receipts/payment/bench{id}",
      "refunded": false,
      "refunds": {
        "data": [],
        "has_more": false,
        "object": "list",
        "url": "/v1/charges/ch_bench{id}/refunds"
      },
      "review": null,
      "shipping": {},
      "source_transfer": null,
      "statement_descriptor": null,
      "statement_descriptor_suffix": null,
      "status": "succeeded",
      "transfer_data": {
        "amount": null,
        "destination": {
          "id": "obj_123",
          "object": "account"
        }
      },
      "transfer_group": null,
      "source": {
        "allow_redisplay": null,
        "amount": null,
        "client_secret": "client_secret",
        "created": 1028554472,
        "currency": null,
        "flow": "flow",
        "id": "obj_123",
        "livemode": true,
        "metadata": null,
        "object": "source",
        "owner": {
          "address": {
            "city": null,
            "country": null,
            "line1": null,
            "line2": null,
            "postal_code": null,
            "state": null
          },
          "email": null,
          "name": null,
          "phone": null,
          "verified_address": {
            "city": null,
            "country": null,
            "line1": null,
            "line2": null,
            "postal_code": null,
            "state": null
          },
          "verified_email": null,
          "verified_name": null,
          "verified_phone": null
        },
        "statement_descriptor": null,
        "status": "status",
        "type": "ach_credit_transfer",
        "usage": null
      }
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_bench{id}",
    "idempotency_key": "bench-{id}"
  },
  "type": "charge.succeeded"
})";
// clang-format on

}  // namespace payments::bench
