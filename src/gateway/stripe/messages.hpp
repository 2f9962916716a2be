#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/messages.hpp"
#include "payment/refunds.hpp"
#include "support/json.hpp"

// Stripe's PaymentIntents API, version 2024-04-10, as bytes: forms we send, objects and events we
// read. Pure, without I/O. What it rests on: docs/providers/stripe.md.
namespace payments::stripe {

inline constexpr std::string_view api_version = "2024-04-10";

// "live" or "test": the account a key opens, by its prefix (docs/providers/stripe.md, 2.1).
std::string account_of_key(std::string_view secret_key);

// ------------------------------------------------------------------------------ sent

using Form = std::vector<std::pair<std::string, std::string>>;
// application/x-www-form-urlencoded; brackets of names stay as they are.
std::string encode(const Form& form);

// Stripe counts in units of its own (docs/providers/stripe.md, 5.1): HUF and ISK in hundredths, KWD
// in thousandths whose last digit is 0, MGA in whole units. Errc::invalid_request when the amount
// is not a whole number of them.
Result<std::int64_t> to_units(Money money);
// Nothing when the currency is none or the units are no amount of it.
std::optional<Money> from_units(std::int64_t units, std::string_view currency);

// Names the creation of this attempt's PaymentIntent, the same every time. Ids start again with a
// new database while Stripe remembers keys for a day, so the moment of opening is part of it.
std::string creation_key(const Transaction& attempt);
// Made of what is durable alone, so that a repetition with the same key is the same request. The
// payer's e-mail is left out: Stripe would send a receipt of its own to it.
Result<std::string> create_body(const Transaction& attempt);
std::string cancel_body();
std::string find_query(const Transaction& attempt);  // for /v1/payment_intents/search
// For /v1/refunds; `after` is the last id of the page before.
std::string refunds_query(std::string_view intent, std::string_view after = "");
// Names a refund to Stripe, the same every time.
std::string refund_key(const Transaction& attempt, const Refund& refund);
// Made of what is durable alone, like the creation. Errc::invalid_request for an amount that Stripe
// cannot give back.
Result<std::string> refund_body(const Transaction& attempt, const Refund& refund);

// ------------------------------------------------------------------------------ heard

struct ProviderResponse {
    int status = 0;
    std::string should_retry;  // header Stripe-Should-Retry
    std::string body;
};

// Sending the same request again, under the same key, is worth it.
bool is_worth_repeating(const ProviderResponse& answer);

StartResult read_created(const Transaction& attempt, const ProviderResponse& answer);
// What an answer that holds the PaymentIntent says. Not `answered` for anything else, but `absent`
// when Stripe knows no such object.
QueryResult read_intent(const Transaction& attempt, const ProviderResponse& answer);
// The id of the PaymentIntent that a search found for the attempt, "" when none was, nothing when
// the answer is no search result.
std::optional<std::string> read_found(const Transaction& attempt, const ProviderResponse& answer);
// What became of a refund. When it may have been `sent_before`, an answer that is about this call
// alone (our key was refused) leaves it open.
RefundResult read_refund(
    const Transaction& attempt, const Refund& refund, const ProviderResponse& answer,
    bool sent_before
);
// The refunds on one page of a list, as facts.
struct RefundPage {
    std::vector<Fact> facts;
    std::string last_id;  // the next page begins after it
    bool has_more = false;
};
std::optional<RefundPage> read_refunds(const Transaction& attempt, const ProviderResponse& answer);
// The PaymentIntent's charge (expanded) was given back, at least in part.
bool has_refunds(const ProviderResponse& answer);
std::string intent_id(const ProviderResponse& answer);
// The call came too late or too early for the object's state.
bool is_unexpected_state(const ProviderResponse& answer);

// docs/providers/stripe.md, 9.1 and 9.2: `t` once, `v1` one or more, in constant time against every
// secret, at most 300 s old.
bool is_signed(
    std::string_view header, std::string_view body, std::span<const std::string> secrets, Time now
);
// Errc::malformed_json, invalid_request, invalid_signature. `account` is our own mode: an event of
// the other one, a thin event and one about nothing of ours are kept as unmatched.
Result<Notification> read_event(
    std::string_view header, std::string_view body, std::span<const std::string> secrets,
    const std::string& account, Time now
);
// The same of an event that was verified when it came, whatever its signature is worth now.
Result<Notification> read_kept_event(
    const UnmatchedMessage& kept, const std::string& account, Time now
);

// For /v1/events; `after` is the last id of the page before.
std::string events_query(const ProviderEventQuery& query, std::string_view after);
// A page of what Stripe has told before (docs/providers/stripe.md, 10). The bytes of each event are
// our own writing of it, without a signature; the list itself is believed because we asked for it.
ProviderEventPage read_events(const ProviderResponse& answer, const std::string& account, Time now);

}  // namespace payments::stripe
