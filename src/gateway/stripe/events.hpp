#pragma once

#include <span>
#include <string>
#include <string_view>

#include "flow/messages.hpp"
#include "gateway/stripe/objects.hpp"

// Stripe's events, as webhooks and as Stripe's own list of them (docs/providers/stripe.md, 9 and
// 10). Pure; safe on any thread.
namespace payments::stripe {

// docs/providers/stripe.md, 9.1 and 9.2: `t` once, `v1` one or more, in constant time against every
// secret, at most 300 s old; a time in the future passes.
bool is_signed(
    std::string_view header, std::string_view body, std::span<const std::string> secrets, Time now
);
// Errc::malformed_json, invalid_request (no object), invalid_signature. `account` is our own mode
// ("live" or "test"): an event of the other one, a thin event and one about nothing of ours are
// unmatchable. One with something else that strict JSON forbids is read as far as it goes, and the
// provider is asked.
Result<Notification> read_event(
    std::string_view header, std::string_view body, std::span<const std::string> secrets,
    const std::string& account, Time now
);
// The same of an event that was verified when it came: by now its signature is too old.
// Errc::malformed_json, invalid_request.
Result<Notification> read_kept_event(
    const UnmatchedMessage& unmatched, const std::string& account, Time now
);

// The types of event that tell us something, which an endpoint of ours should be sent.
std::span<const std::string_view> event_types();
// For /v1/events, asking for the types that tell us something alone, at most `limit` (1 to 100);
// `after` is the last id of the page before, "" for the first.
std::string events_query(const ProviderEventQuery& query, std::string_view after, int limit);
// A page of what Stripe has told before. Of each event there are its id and what it says, not its
// bytes; one without an id is passed over. The list is believed because we asked for it.
ProviderEventPage read_events(const ProviderResponse& answer, const std::string& account, Time now);

}  // namespace payments::stripe
