#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/messages.hpp"
#include "gateway/stripe/objects.hpp"

// Stripe's PaymentIntents, version 2026-10-28.endive (docs/providers/stripe.md, 6): forms that we
// send, and what their answers say. Pure; safe on any thread.
namespace payments::stripe {

inline constexpr std::string_view api_version = "2026-10-28.endive";

// "live" or "test": the account a key opens, by its prefix (docs/providers/stripe.md, 2.1).
std::string account_of_key(std::string_view secret_key);

using Form = std::vector<std::pair<std::string, std::string>>;
// application/x-www-form-urlencoded; brackets of names stay as they are.
// A space is %20. What is not meant must be left out: an empty value clears a field
// (docs/providers/stripe.md, 2.3).
std::string encode(const Form& form);

// ------------------------------------------------------------------------------ sent

// The idempotency key of this attempt's creation, the same every time. Our ids start again with a
// new database while Stripe remembers keys for a day, so the moment of opening is part of it.
std::string creation_key(const Transaction& attempt);
// Made of what is durable alone, so that a repetition with the same key is the same request. The
// payer's e-mail is left out: Stripe would send a receipt of its own to it. Errc::invalid_request
// for an amount that Stripe cannot charge.
Result<std::string> create_body(const Transaction& attempt);
std::string cancel_body();
std::string find_query(const Transaction& attempt);  // for /v1/payment_intents/search

// ------------------------------------------------------------------------------ heard

// Sending the same request again, under the same key, is worth it.
bool is_worth_repeating(const ProviderResponse& answer);

// When the creation may have been `sent_before`, an answer that is about this call alone (our key
// was refused) leaves it open.
StartResult read_created(
    const Transaction& attempt, const ProviderResponse& answer, bool sent_before = false
);
// What an answer that holds the PaymentIntent says. Not `answered` for anything else, but
// `is_unknown` when Stripe knows no such object: an answer of an attempt without an id, while one
// whose id we have is at another account than our key's.
QueryResult read_intent(const Transaction& attempt, const ProviderResponse& answer);
// The id of the PaymentIntent that a search found for the attempt, "" when none was, nothing when
// the answer is no search result.
std::optional<std::string> read_found(const Transaction& attempt, const ProviderResponse& answer);
// The PaymentIntent's charge (expanded) was given back, at least in part.
bool has_refunds(const ProviderResponse& answer);
// "" when the answer holds no PaymentIntent.
std::string intent_id(const ProviderResponse& answer);
// The call came too late or too early for the object's state.
// It may have been paid, or be over: only its own state tells which.
bool is_unexpected_state(const ProviderResponse& answer);

}  // namespace payments::stripe
