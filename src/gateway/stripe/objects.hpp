#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/facts.hpp"
#include "support/json.hpp"

// What Stripe's objects mean for us, wherever they come from: answers or events.
// Readers take a member that is missing, null or of another type for one that is not there: new
// members and words may come at any time (docs/providers/stripe.md, 2.4). Amounts are in Stripe's
// units (units.hpp). Pure; safe on any thread.
namespace payments::stripe {

// An answer as it arrived.
struct ProviderResponse {
    int status = 0;            // of HTTP
    std::string should_retry;  // header Stripe-Should-Retry
    std::string body;
};

// Read leniently: one member that strict JSON forbids must not cost the others.
std::optional<json::object> object_of(std::string_view body);
std::optional<std::int64_t> integer_at(const json::object& o, std::string_view name);
bool flag_at(const json::object& o, std::string_view name);
const json::object* member(const json::object& o, std::string_view name);
// An id, also where the object it names was expanded in its place.
std::string id_at(const json::object& o, std::string_view name);

std::string metadata_at(const json::object& o, std::string_view name);
const json::array* data_of(const json::object& list);

// Stripe's own words about what was wrong; nothing for an answer in another shape (a proxy's).
struct Complaint {
    std::string type, code;
    const std::string& word() const { return code.empty() ? type : code; }
};
std::optional<Complaint> complaint_in(const ProviderResponse& answer);
// 2xx. An object of Stripe's counts in no other answer.
bool is_success(const ProviderResponse& answer);
// Statuses after which the work may have been done, or may yet come of the same key
// (docs/providers/stripe.md, 4.3).
bool is_unclear(const ProviderResponse& answer);
// Refusals that come before Stripe looks at the Idempotency-Key: they say nothing of an earlier try
// (docs/providers/stripe.md, 4.3).
bool is_of_this_call_only(int status);

// Facts of a PaymentIntent by its status: an object says more than the event's name.
std::vector<Fact> facts_of_intent(const json::object& intent, const std::string& account);
// The visitor may (still) pay with the client secret.
bool is_payable(const json::object& intent);
// `attempt_key` is the creation key of the attempt they are about, "" when that is not known:
// refunds that name it are ours and keep the name we gave them.
std::vector<Fact> facts_of_charge(
    const json::object& charge, const std::string& account, std::string_view attempt_key
);
// One that is on its way counts as made, and so does one in a state we do not know: were it taken
// for lost, its money could go back twice.
std::vector<Fact> facts_of_refund(
    const json::object& refund, const std::string& account, std::string_view attempt_key
);
// Our name of a refund of that attempt, "" for one that we did not ask for.
std::string name_of_refund(const json::object& refund, std::string_view attempt_key);
// It is in a state that the published types have (docs/providers/stripe.md, 7.3).
bool has_known_status(const json::object& refund);

// What an event says beside its object: its type ("" without one), and when it came to be.
struct EventHead {
    std::string type;
    std::optional<Time> created;
};
EventHead head_of(const json::object& event);
// The state of a dispute by its status, and what moved on our balance because of it
// (docs/providers/stripe.md, 8). A status we do not know is `dispute_unclear`.
std::vector<Fact> facts_of_dispute(
    const json::object& dispute, const std::string& account, const EventHead& event
);
// An object radar.early_fraud_warning.
std::vector<Fact> facts_of_fraud_warning(
    const json::object& warning, const std::string& account, const EventHead& event
);

}  // namespace payments::stripe
