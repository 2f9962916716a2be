#pragma once

#include "config/settings.hpp"
#include "flow/ports.hpp"

namespace payments {

// `ozora-payments events list`, `replay` and `skip`, for the webhooks sent to PAYMENTS_EVENTS_URL
// (docs/design.md, 3.12), on the events that `which` selects. They change rows of the outbox only,
// in one commit; deliveries are made by `serve`, so all three may run beside it. Each returns
// exit_code::done and throws StoreDown.
int list_events(const Settings& settings, const EventFilter& which);
int replay_events(const Settings& settings, const EventFilter& which);
int skip_events(const Settings& settings, const EventFilter& which);

}  // namespace payments
