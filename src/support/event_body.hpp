#pragma once

#include <string>

#include "payment/outgoing.hpp"

namespace payments {

// The body of an event that others are told: {"type", "timestamp", "data"}, without personal data.
// The same for the same event on every try, replay and restart. Throws std::bad_alloc alone; pure,
// safe on any thread.
std::string event_body(const OutgoingEvent& event);
// The same of one about settlements; `data` is a JSON object.
std::string settlement_event_body(std::string_view type, Time at, std::string_view data);
// The body of one that is about nothing, of the type "test".
std::string test_event_body(Time at);

}  // namespace payments
