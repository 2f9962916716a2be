#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "payment/transaction.hpp"

// What the load consists of. Everything follows from a transaction's id, so that the database that
// `prepare` fills and the messages that are sent fit together without a file between them.
namespace payments::bench {

// SimplePay's published demo account, and the webhook secret of our own Stripe stand-in.
inline constexpr std::string_view merchant = "PUBLICTESTEUR";
inline constexpr std::string_view merchant_secret = "9A2sDc7xh1JKW8r193RwW7X7X2ts837w";
inline constexpr std::string_view webhook_secret = "whsec_ozora_sandbox";
inline constexpr std::string_view code_text = "NORMAL-TOTAL-FEE-EUR-SIMPLE";
inline constexpr std::int64_t price_minor = 22'000;

// The payment's id at its provider.
std::string simplepay_id(std::int64_t transaction_id);
std::string intent_id(std::int64_t transaction_id);

// A SimplePay IPN that says FINISHED, as its logs show it.
std::string ipn_body(std::int64_t transaction_id);
// A Stripe event payment_intent.succeeded, with all members of a PaymentIntent.
std::string event_body(std::int64_t transaction_id, std::int64_t now_s);
// A Stripe event charge.succeeded, of 5 KB as they come in life.
std::string charge_event_body(std::int64_t transaction_id, std::int64_t now_s);
extern const std::string_view charge_event_text;  // with {id} and {now} where they belong
// Value of Stripe-Signature.
std::string event_signature(std::string_view body, std::int64_t now_s);

// What the shop's browser posts to start a payment.
std::string start_body(std::int64_t ticket_id);
// What the organisers' pages post to find one.
std::string search_body(std::int64_t transaction_id);
// What the service posts for a start: to the tickets service, and to SimplePay.
std::string ticket_request_body(std::int64_t ticket_id);
std::string simplepay_start_body(std::int64_t transaction_id);

}  // namespace payments::bench
