#pragma once

#include "storage/rules/books.hpp"
#include "storage/sqlite/group_totals.hpp"

namespace payments::sqlite {

// The books as one SQLite transaction sees and writes them: each row at once. On the writer's
// thread; needs no locks, for SQLite has one writer. Throws StoreDown, and Refused when the schema
// forbids a row.
class SqliteBooks final : public ledger::Books {
public:
    // With `group_totals` sums are left to the group that the change belongs to.
    explicit SqliteBooks(Database& database, GroupTotals* group_totals = nullptr)
        : database_(database), group_totals_(group_totals) {}

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
    // What indexes know of an attempt.
    struct Indexed {
        Status status;
        std::string provider_id;
        std::optional<Time> paid_at, check_at;
        bool live, holds_fee, watched;

        static Indexed of(const ledger::AttemptRow& row, bool live, bool holds_fee, bool watched);
    };

    std::int64_t next_number();

    Database& database_;
    GroupTotals* group_totals_;
    std::map<std::int64_t, Indexed> on_record_;  // of the attempts that were read
};

}  // namespace payments::sqlite
