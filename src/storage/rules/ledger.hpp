#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/ports.hpp"

// What learning facts makes of an attempt's row, and the hash chains by which the ledger can be
// verified (docs/design.md, 3.7, 3.14). Pure functions, for any thread; they report no errors.
namespace payments::ledger {

// An attempt as the database has it: with the bookkeeping the outside never sees.
struct AttemptRow {
    Transaction transaction;
    std::optional<Time> check_at;     // when the provider is asked; nothing when it need not be
    int checks = 0;                   // in vain, since the status last changed
    std::string facts_hash;           // end of its chain of facts
    std::string messages_hash;        // end of its chain of messages, "" when there are none
    std::optional<Time> wanted_at{};  // when a check was last asked for (Heard::check_now)
    bool is_counted = false;          // what it counts for is in the sums of money (rules/counting)
};

// What an attempt's row says beside the facts themselves, so that indexes can find it.
struct Flags {
    bool live;               // the one attempt of its ticket and fee that could still be paid
    bool holds_fee;          // no other attempt may be opened
    bool watched;            // a person may have to look at it (docs/design.md, 3.13)
    std::string concerns{};  // why, and from when on (noted_concerns)
};

// `facts`: those of the transaction. `has_other_live`: another attempt for the same ticket and fee
// is live. Of two that could be paid, as when a late message revives one, the index allows one to
// be called live.
Flags flags_of(const Transaction& transaction, const Facts& facts, bool has_other_live);

// What facts that were offered have made of an attempt.
struct Change {
    AttemptRow after;
    TransactionState before;
    std::size_t first_new = 0;        // after.transaction.entries from here on are new
    std::vector<std::string> hashes;  // of the new ones
    Facts facts{};                    // as they are now
    bool held_money = false;          // before

    bool news() const { return first_new < after.transaction.entries.size(); }
};

// What `offered` makes of an attempt: facts with a known identity are dropped, status, sums, times
// and the chain follow from the rest. Neither check_at nor the provider's id are touched.
Change change_of(AttemptRow known, const std::vector<LedgerEntry>& offered);

// Plans when the provider is asked again, after `change` came out of `heard`
// (docs/design.md, 3.10).
void plan_check(Change& change, const Heard& heard);

// What a link is the hash of: each part with its length before it, so that no two lists of parts
// give the same text: "ab", "c" must not hash like "a", "bc".
class Canonical {
public:
    Canonical& add(std::string_view part);
    Canonical& add(std::int64_t number) { return add(std::to_string(number)); }
    Canonical& add(Time time) { return add(time.time_since_epoch().count()); }
    Canonical& add(const std::optional<Money>& money);
    std::string hash() const;  // SHA-256 in hex

private:
    std::string text_;
};

// Where the chain of a transaction's facts begins: what was agreed. Without e-mail and billing
// data, so that these can be erased one day and the chain still be verified.
std::string opening_hash(const Transaction& transaction);
// SHA-256 in hex over the hash before and a text that holds every column of the fact.
std::string fact_hash(
    std::string_view previous, std::int64_t transaction_id, std::size_t seq,
    const LedgerEntry& event
);
// SHA-256 in hex: what a chain holds of a message's body, so that the body can be erased one day
// and the chain still be verified.
std::string body_hash(std::string_view body);
// The link of a message, `body` being the hash of its body; the message's own may be gone.
std::string message_hash(
    std::string_view previous, const SignedMessage& message, std::string_view body, Time received_at
);

// The link of a message that was matched later, `message` being its own hash.
std::string match_hash(
    std::string_view previous, std::int64_t transaction_id, std::string_view message, Time at
);

// The fact that an attempt with these `facts` holds money for the fee that `holder` holds.
Fact duplicate_of(std::int64_t holder, const Facts& facts);
// The facts that it is none any more; nothing for one that is none.
std::vector<Fact> ends_of_duplicate(const Facts& facts);
// The fact that the provider's id belongs to another attempt.
Fact taken_provider_id(std::string_view provider_id, std::int64_t owner);

}  // namespace payments::ledger
