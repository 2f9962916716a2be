#pragma once

#include "flow/office/handle_review.hpp"
#include "flow/office/work_events.hpp"
#include "support/json.hpp"
#include "support/time_zone.hpp"

// What the operations of the worklist, the audit and the events take (openapi.yaml;
// docs/worklist.md). All return Errc::invalid_request, which names every wrong member. Pure; safe
// on any thread.
namespace payments::http {

// "waiting", "told", "dead", "skipped"; nothing for another word.
std::optional<EventState> event_state_of(std::string_view word);

// closeReview, without `by`. Days are those of `zone`; without one they are wrong.
Result<ReviewOrder> read_review_order(
    const json::object& body, const std::optional<TimeZone>& zone
);
// listActions and listEvents, without where the caller may look.
Result<ActionsQuery> read_actions_query(
    const json::object& body, const std::optional<TimeZone>& zone
);
Result<EventsQuery> read_events_query(const json::object& body);
// replayEvents and skipEvents, without `by`.
Result<EventsOrder> read_replay(const json::object& body);
Result<EventsOrder> read_skip(const json::object& body);
Result<MessagesQuery> read_messages_query(const json::object& body);

}  // namespace payments::http
