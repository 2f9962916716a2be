#pragma once

#include "flow/office/open_payment.hpp"
#include "support/json.hpp"

// The JSON that answers the operations by which staff find and understand payments (openapi.yaml;
// docs/finding.md). Pure.
namespace payments::http {

// What the caller may do with the payment, or the run, and why not.
struct Permission {
    std::string_view what;
    std::string why_not;  // "" when it may be done
};
json::array write_permissions(const std::vector<Permission>& may);

// The answer of getTransaction; `card` are the last four digits of the one that was used, "" when
// they are not known; `now` decides what a person must look at.
json::object write_story(
    const PaymentStory& story, const std::vector<Permission>& may, const std::string& card, Time now
);
// Entries from `first` on, each with the status after it and the message it came from, if that is
// among `messages`.
json::array write_entries(
    const Transaction& transaction, std::size_t first = 0,
    const std::vector<KeptMessage>& messages = {}
);
json::object write_kept_message(const KeptMessage& message);
json::object write_note(const Action& note);
// Whom a payment is of, unmasked: the answer of reveal.
json::object write_revealed(const Transaction& transaction);

json::value or_null(std::string_view text);  // null for ""
json::value or_null(const std::optional<Time>& time);
json::object write_actor(const Actor& actor);
// Null when it is not known.
json::value write_scope(const std::optional<std::int64_t>& scope_id, const ScopesById& scopes);
// Whether others were told: "waiting", "told", "dead", "skipped".
template <class Event>  // OutgoingEvent or SettlementEvent
std::string_view state_of(const Event& event) {
    if (event.delivered_at) return "told";
    if (!event.dead_at) return "waiting";
    return event.skipped ? "skipped" : "dead";
}

// A transaction as it stands in a list, with its scope (null when it is not known) and without
// personal data.
json::object write_summary(const Transaction& transaction, const ScopesById& scopes);

}  // namespace payments::http
