#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/ports.hpp"
#include "storage/rules/ledger.hpp"

// Background work is claimed in the database: whoever takes a row that is due moves its next time
// forward in the same transaction, so that no other worker or replica takes it meanwhile, and so
// that it is due again when its worker has died. What is due, and how far a claim moves it, is said
// here for both stores (docs/design.md, 3.4, 3.10, 3.12). Pure; any thread.
//
// The texts are the end of a SELECT, $1 is now. A store adds how many it takes, PostgreSQL also FOR
// UPDATE SKIP LOCKED; SQLite has one writer. Who only looks whether anything is due adds LIMIT 1 as
// a number, so that PostgreSQL plans for one row and never reads all of a long queue.
namespace payments::ledger {

// Attempts whose check is due, of table transactions, that `claim` names: $2 and $3 are
// names_of(claim.accounts) and claim.all_but_these. The text of names is searched as a whole,
// because both databases can do that and only one of them knows lists.
inline constexpr std::string_view due_attempts =
    " WHERE check_at <= $1"
    " AND (replace($2, ' ' || processor || '/' || account || ' ', '') = $2) = $3"
    " ORDER BY check_at, id";
// " SIMPLE/PUBLICTESTEUR  STRIPE-INTENTS/test ".
std::string names_of(const std::vector<ProviderAccount>& accounts);

// Moves an attempt that is claimed at `now` to its next check, should this one come to nothing, and
// past the claim's lease. One that needs none but was asked for waits 1, 2, 4 ... 64 minutes.
void reschedule_check(AttemptRow& attempt, Time now, CheckLeases leases);

// Messages that matched no transaction and are due to be read again, of table unmatched.
inline constexpr std::string_view due_messages = " WHERE next_try_at <= $1 ORDER BY next_try_at";

struct ClaimedMessage {
    UnmatchedMessage message;
    int tries;                        // with this one
    std::optional<Time> next_try_at;  // should it match nothing now; nothing when it was the last
};

// When a message that matches no transaction is tried again, after `tries` in vain: a minute after
// it came, then 5 minutes, an hour, and on three days. Nothing when it is no more by itself.
std::optional<Time> next_try(int tries, Time now);

// Outgoing events that are due, of table outbox AS o. Of each transaction only the oldest that is
// neither delivered nor dead, so that a receiver hears of one transaction in order.
inline constexpr std::string_view due_events =
    " WHERE o.delivered_at IS NULL AND o.dead_at IS NULL AND o.next_at <= $1"
    " AND NOT EXISTS (SELECT 1 FROM outbox AS e WHERE e.transaction_id = o.transaction_id"
    " AND e.id < o.id AND e.delivered_at IS NULL AND e.dead_at IS NULL)"
    " ORDER BY o.next_at, o.id";

// When an event that is claimed at `now` is due again: in two minutes. A delivery takes a minute at
// most (Subscriber::deliver), so the next worker never delivers beside one that is alive.
Time event_lease_end(Time now);

}  // namespace payments::ledger
