#pragma once

#include "config/settings.hpp"
#include "flow/ports.hpp"

namespace payments {

// Which events: of payments as the filter says, and of settlements by its state and times; those of
// settlements alone by their id, and those of payments alone by theirs or by a transaction.
struct EventsChoice {
    EventFilter payments;
    std::optional<SettlementEventId> settlement_id;
};

// `ozora-payments events list`, `replay` and `skip`, for the webhooks sent to PAYMENTS_EVENTS_URL
// (docs/design.md, 3.12), on the events that `which` selects. They change rows of the outboxes
// only, those of payments in one commit; deliveries are made by `serve`, so all three may run
// beside it. Each returns exit_code::done and throws StoreDown.
int list_events(const Settings& settings, const EventsChoice& which);
int replay_events(const Settings& settings, const EventsChoice& which);
int skip_events(const Settings& settings, const EventsChoice& which);

}  // namespace payments
