#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/lookups.hpp"
#include "storage/rules/books.hpp"

namespace payments::postgres {

// Thrown by a change that needs a number which was not taken from the sequence: when the batch was
// looked up something stood in the way of its attempt, and a neighbour in the batch has removed
// that. The change is to be made once more by itself.
struct RetryAlone {};

// The books as the changes of one batch see them, in two exchanges with the server: the first locks
// and reads everything about the tickets concerned, then the changes are decided here, in memory,
// one after the other, each seeing what those before it have done; the second writes with one
// statement for each table and commits. A change then costs a fraction of two round trips and of a
// flush.
//
// All attempts of a ticket are locked, not only the one a change is about: two captures of one fee
// on two replicas must see each other. Always in the order of their numbers: two batches that need
// the same rows then wait for one another and never in a circle. On the loop's thread.
class Batch final : public ledger::Books {
public:
    Lookups lookups;

    // What to ask behind BEGIN; their answers, which begin at `first`, are given to take(). take()
    // throws from_row::Damaged.
    std::vector<Statement> questions() const { return questions_of(lookups); }
    void take(const std::vector<ResultSet>& answers, std::size_t first);
    // What the changes came to, in the order in which it must be written.
    std::vector<Statement> writes();

    std::optional<ledger::AttemptRow> attempt_row(std::int64_t id) override;
    std::optional<std::int64_t> id_of_provider_id(Processor processor, std::string_view id)
        override;
    std::vector<ledger::FeeAttempt> attempts_of_fee(
        std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
    ) override;
    std::vector<std::int64_t> attempts_of_ticket(std::int64_t ticket_id) override;
    std::optional<ledger::UnmatchedRow> unmatched_row(std::int64_t number) override;
    ledger::AttemptRow insert(const NewAttempt& attempt) override;
    void update(const ledger::AttemptRow& after, ledger::Flags flags) override;
    void insert_facts(const ledger::Change& change) override;
    void insert_outgoing_event(const ledger::NewOutgoingEvent& event) override;
    std::optional<std::int64_t> keep_message(
        const Heard& heard, std::optional<std::int64_t> transaction_id,
        std::string_view unmatched_reason, std::string_view hash
    ) override;
    void schedule_retry(const Heard& heard, std::int64_t number, Time next_try_at) override;
    void retry_unmatched_now(Processor processor, std::string_view provider_id, Time now) override;
    void insert_match(
        std::int64_t number, std::int64_t transaction_id, Time at,
        const ledger::UnmatchedRow& unmatched, std::string_view hash
    ) override;
    void add_totals(const ledger::Totals& totals) override;
    void move(std::int64_t id, std::int64_t scope_id) override;
    void mark_counted(std::int64_t id) override;
    ledger::ActionsEnd end_of_actions(std::int64_t chain) override;
    std::optional<Action> action_with_key(
        std::int64_t chain, std::string_view kind, std::string_view key
    ) override;
    std::optional<Action> newest_review(std::string_view about) override;
    std::int64_t insert_action(
        const Action& action, std::string_view details, std::string_view hash
    ) override;

private:
    struct Attempt {
        ledger::AttemptRow row;
        ledger::Flags flags;
        bool is_new = false;
        bool is_changed = false;
    };
    using MessageName = std::pair<std::string, std::string>;               // processor, identity
    using ActionKey = std::tuple<std::int64_t, std::string, std::string>;  // chain, kind, key

    void take_attempts(const ResultSet& rows);
    void take_facts(const ResultSet& rows);
    std::vector<Statement> write_attempts() const;
    void write_sums(std::vector<Statement>& writes) const;
    void write_given_again(std::vector<Statement>& writes) const;
    void keep_for_its_key(Action action);

    std::map<std::int64_t, Attempt> attempts_;
    std::set<MessageName> messages_;
    std::map<std::int64_t, ledger::UnmatchedRow> unmatched_rows_;
    // Not used yet, smallest last.
    std::vector<std::int64_t> attempt_numbers_, message_numbers_, action_numbers_;
    std::set<std::int64_t> given_again_;          // to attempts that had them before
    ledger::Totals totals_;                       // of all changes together
    std::map<std::int64_t, std::int64_t> moved_;  // scopes, by attempt
    std::vector<std::int64_t> counted_;           // attempts
    std::map<std::int64_t, ledger::ActionsEnd> action_ends_;
    std::map<ActionKey, Action> actions_with_keys_;
    std::map<std::string, Action, std::less<>> newest_reviews_;

    using Of = Column::Of;
    Table facts_{
        {Of::numbers, Of::numbers, Of::numbers, Of::texts, Of::texts, Of::texts, Of::numbers,
         Of::texts, Of::texts, Of::texts, Of::texts, Of::texts, Of::texts, Of::texts, Of::numbers}};
    Table notifications_{
        {Of::numbers, Of::texts, Of::texts, Of::numbers, Of::bytes, Of::bytes, Of::numbers,
         Of::texts, Of::texts}};
    Table outbox_{
        {Of::numbers, Of::texts, Of::texts, Of::texts, Of::numbers, Of::numbers, Of::numbers,
         Of::texts, Of::texts}};
    Table new_unmatched_{{Of::numbers, Of::texts, Of::texts, Of::numbers}};
    Table woken_{{Of::texts, Of::texts, Of::numbers}};
    Table matches_{{Of::numbers, Of::numbers, Of::numbers, Of::numbers, Of::texts}};
    Table actions_{
        {Of::numbers, Of::numbers, Of::numbers, Of::numbers, Of::texts, Of::texts, Of::texts,
         Of::numbers, Of::texts, Of::texts, Of::texts, Of::texts}};
};

}  // namespace payments::postgres
