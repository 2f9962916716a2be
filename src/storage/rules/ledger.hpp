#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/ports.hpp"

// What both stores must do alike: what hearing something makes of an attempt, and the hash chains
// by which the books can be re-read. Pure functions.
namespace payments::ledger {

// An attempt as the database has it: with the bookkeeping the outside never sees.
struct AttemptRow {
    Transaction transaction;
    std::optional<Time> check_at;
    int checks = 0;  // in vain, since the status last changed
    std::string facts_hash;
    std::string messages_hash;
    std::optional<Time> wanted_at{};  // when a check was last asked for (Heard::check_now)
};

struct Change {
    AttemptRow after;
    TransactionState before;
    std::size_t first_new = 0;        // after.transaction.entries from here on are new
    std::vector<std::string> hashes;  // of the new ones
    bool first_capture = false;       // nothing had been captured before

    bool news() const { return first_new < after.transaction.entries.size(); }
};

// What `offered` makes of an attempt: facts with a known identity are dropped, the rest follows.
// Neither check_at nor the provider's id are touched.
Change change_of(AttemptRow known, const std::vector<LedgerEntry>& offered);

// When the provider is asked again, after `change` came out of `heard`.
void plan_check(Change& change, const Heard& heard);

// Moves a claimed attempt to its next check, should this one come to nothing. One that needs none
// but was asked for waits 1, 2, 4 ... 64 minutes.
void reschedule_check(AttemptRow& attempt, Time now);

// Where the chain of a transaction's facts begins: what was agreed, without personal data.
std::string opening_hash(const Transaction& transaction);
// SHA-256 in hex over the hash before and a text that holds every column of the fact.
std::string fact_hash(
    std::string_view previous, std::int64_t transaction_id, std::size_t seq,
    const LedgerEntry& event
);
std::string message_hash(std::string_view previous, const SignedMessage& message, Time received_at);

// The link of a message that was matched later, `message` being its own hash.
std::string match_hash(
    std::string_view previous, std::int64_t transaction_id, std::string_view message, Time at
);
// When a message that matches no transaction is tried again, after `tries` in vain; nothing when it
// is no more by itself.
std::optional<Time> next_try(int tries, Time now);

// The fact that `transaction` was captured although `holder` holds the fee.
Fact duplicate_of(std::int64_t holder);
// The fact that the provider's id belongs to another attempt.
Fact taken_provider_id(std::string_view provider_id, std::int64_t owner);

}  // namespace payments::ledger
