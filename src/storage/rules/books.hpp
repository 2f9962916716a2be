#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/ports.hpp"
#include "storage/rules/ledger.hpp"
#include "storage/rules/outbox.hpp"
#include "storage/rules/totals.hpp"

// What the rules of a change (rules/changes) need of a database: to look rows up, and to write
// some. SQLite does either at once, PostgreSQL looks up beforehand and writes afterwards (Batch).
namespace payments::ledger {

// Why a message is unmatched that may be matched later; any other reason lies in the message.
inline constexpr std::string_view no_such_transaction = "no such transaction";

// A stored message that matched nothing yet.
struct UnmatchedRow {
    std::string hash;  // its own link: it belongs to no transaction's chain
    // The largest number of any message now. A match is read back behind the messages up to this
    // one and before all later ones, which is how its place in the chain can be found again.
    std::int64_t newest_message;
};

// Where a chain of actions ends.
struct ActionsEnd {
    std::int64_t length = 0;
    std::string hash{};  // "" of one that has not begun
};

// One of the attempts for a ticket and fee type.
struct FeeAttempt {
    std::int64_t id;
    bool live, holds_fee;  // as Flags
};

// One unit of work: everything happens inside one database transaction that holds the locks of the
// tickets it is about, so what is looked up stays so until the end. On the thread of whoever holds
// that transaction. All calls may throw StoreDown, those that write also the store's own Refused
// (a constraint or trigger of the schema said no), and PostgreSQL's RetryAlone.
// docs/design.md, 3.5.
class Books {
public:
    virtual ~Books() = default;

    // With its facts; nothing when there is none.
    virtual std::optional<AttemptRow> attempt_row(std::int64_t id) = 0;
    // Of the attempt that has this id at the provider, which is not "".
    virtual std::optional<std::int64_t> id_of_provider_id(
        Processor processor, std::string_view provider_id
    ) = 0;
    // All attempts for a ticket and fee type but `except`, by number.
    virtual std::vector<FeeAttempt> attempts_of_fee(
        std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
    ) = 0;
    // All attempts for a ticket, by number.
    virtual std::vector<std::int64_t> attempts_of_ticket(std::int64_t ticket_id) = 0;
    // Nothing when it has been matched, or was never unmatched.
    virtual std::optional<UnmatchedRow> unmatched_row(std::int64_t number) = 0;

    // Puts a new attempt on record, as new_attempt_row() and flags_of() make it of its number.
    virtual AttemptRow insert(const NewAttempt& attempt) = 0;
    virtual void update(const AttemptRow& after, Flags flags) = 0;
    virtual void insert_facts(const Change& change) = 0;
    virtual void insert_outgoing_event(const NewOutgoingEvent& event) = 0;
    // Stores the message of `heard` byte for byte and gives its number; nothing when one of the
    // same processor and identity is known. `hash` is its link in the chain it belongs to;
    // unmatched_reason is "" if and only if there is a transaction.
    virtual std::optional<std::int64_t> keep_message(
        const Heard& heard, std::optional<std::int64_t> transaction_id,
        std::string_view unmatched_reason, std::string_view hash
    ) = 0;
    // The stored message of `heard` is to be read again then.
    virtual void schedule_retry(const Heard& heard, std::int64_t number, Time next_try_at) = 0;
    // Messages that name this id of an attempt, which is not "", are due at once.
    virtual void retry_unmatched_now(
        Processor processor, std::string_view provider_id, Time now
    ) = 0;
    // Notes that an unmatched message is about a transaction; it is not tried again.
    virtual void insert_match(
        std::int64_t number, std::int64_t transaction_id, Time at, const UnmatchedRow& unmatched,
        std::string_view hash
    ) = 0;

    // What a change adds to the sums of money.
    virtual void add_totals(const Totals& totals) = 0;
    // Its ticket is there now.
    virtual void move(std::int64_t id, std::int64_t scope_id) = 0;
    // What it counts for is in the sums from now on.
    virtual void mark_counted(std::int64_t id) = 0;

    // Of the actions about a transaction that there is, or of those about none (0).
    virtual ActionsEnd end_of_actions(std::int64_t chain) = 0;
    // Of this chain and kind; `key` is not "".
    virtual std::optional<Action> action_with_key(
        std::int64_t chain, std::string_view kind, std::string_view key
    ) = 0;
    // The newest action about an entry of the worklist (ReviewName::text), of the chain it is in.
    virtual std::optional<Action> newest_review(std::string_view about) = 0;
    // Puts it at the end of its chain, its `details` as JSON, and returns its number.
    virtual std::int64_t insert_action(
        const Action& action, std::string_view details, std::string_view hash
    ) = 0;
};

// A new attempt as it is put on record under its number, its chain of facts begun.
AttemptRow new_attempt_row(const NewAttempt& attempt, std::int64_t id);

}  // namespace payments::ledger
