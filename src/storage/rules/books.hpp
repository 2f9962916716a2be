#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "flow/ports.hpp"
#include "storage/rules/ledger.hpp"
#include "storage/rules/outbox.hpp"

// What the changes that both stores make alike (storage/changes) need of a database: to look things
// up, and to put rows down. Everything happens inside one database transaction that holds the locks
// of the tickets it is about, so what is looked up stays so until the end.
namespace payments::ledger {

// Why a message is unmatched that may be matched later; any other reason lies in the message.
inline constexpr std::string_view no_such_transaction = "no such transaction";

// A kept message that matched nothing yet.
struct UnmatchedRow {
    std::string hash;
    std::int64_t newest_message;  // the largest number of a message now
};

class Books {
public:
    virtual ~Books() = default;

    // With its events; nothing when there is none.
    virtual std::optional<AttemptRow> attempt_row(std::int64_t id) = 0;
    // Of the attempt that has this id at the provider, which is not "".
    virtual std::optional<std::int64_t> id_of_provider_id(
        Processor processor, std::string_view provider_id
    ) = 0;
    // Another attempt than `except` for the same ticket and fee type that counts as paid; that
    // could still be paid.
    virtual std::optional<std::int64_t> holder_of_fee(
        std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
    ) = 0;
    virtual std::optional<std::int64_t> live_attempt(
        std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
    ) = 0;
    // Nothing when it has been matched, or was never unmatched.
    virtual std::optional<UnmatchedRow> unmatched_row(std::int64_t number) = 0;

    // Puts a new attempt on record, as new_attempt_row() and flags_of() make it of its number.
    virtual AttemptRow insert(const NewAttempt& attempt) = 0;
    virtual void update(const AttemptRow& after, Flags flags) = 0;
    virtual void insert_facts(const Change& change) = 0;
    virtual void insert_outgoing_event(const NewOutgoingEvent& event) = 0;
    // Keeps the message of `heard` and gives its number; nothing when it is known. `hash` is its
    // link in the chain it belongs to.
    virtual std::optional<std::int64_t> keep_message(
        const Heard& heard, std::optional<std::int64_t> transaction_id,
        std::string_view unmatched_reason, std::string_view hash
    ) = 0;
    // The kept message of `heard` is to be tried again then.
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
};

// A new attempt as it is put on record under its number.
AttemptRow new_attempt_row(const NewAttempt& attempt, std::int64_t id);

}  // namespace payments::ledger
