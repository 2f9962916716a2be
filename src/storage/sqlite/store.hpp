#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "flow/console/sessions.hpp"
#include "flow/ports.hpp"
#include "storage/rules/scopes.hpp"
#include "storage/sqlite/books.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/worker.hpp"

namespace payments {

struct SqliteOptions {
    std::string path;
    int readers = 2;                   // threads, each with its own connection; at least 1, and
                                       // one more for searches
    int busy_timeout_ms = 5000;        // how long to wait for another process that holds the lock
    std::size_t group_max = 256;       // changes in one commit
    std::size_t waiting_max = 10'000;  // calls in a queue; beyond that they throw StoreDown at once
    // Without threads every call waits until serve_writes() or serve_reads() is called: a simulator
    // chooses the moment, the size and the end of every commit.
    bool threads = true;
    // Called for every group commit, on the writer's thread; must not throw or block.
    std::function<void(const Group&)> on_group;
};

// The embedded store (docs/design.md, 8): SQLite, a write-ahead log, every commit on disk before
// its callers are answered. One writer thread commits the changes that wait as one group, so that
// many visitors share one flush; reader threads answer the rest, so that an event loop never waits
// for a disk. One object serves any number of event loops, whose coroutines go on where they were;
// other processes on this machine may use the same file. Calls throw StoreDown, and sqlite::Refused
// for a row that the schema forbids.
class SqliteStore final : public ServiceStore {
public:
    // Throws StoreDown naming path and cause when the database is missing, unusable, or its schema
    // is not the one this binary knows; sqlite::migrate() makes it so.
    explicit SqliteStore(SqliteOptions options);

    Task<std::vector<std::int64_t>> ticket_ids(std::int64_t after, int limit) override;
    Task<std::optional<NewestAttempt>> newest_attempt() override;
    Task<std::int64_t> reserve_numbers(std::int64_t last) override;
    Task<std::vector<Transaction>> transactions_of(std::int64_t ticket_id) override;
    Task<std::optional<Transaction>> transaction(std::int64_t id) override;
    Task<std::vector<Transaction>> page(PageRequest request) override;
    Task<FoundPage> find(FindQuery query) override;
    Task<std::vector<KeptMessage>> messages_of(std::int64_t transaction_id) override;
    Task<std::optional<KeptMessage>> message(std::int64_t number) override;
    Task<std::vector<OutgoingEvent>> events_of(std::int64_t transaction_id) override;
    Task<std::int64_t> scope_id(TicketScope scope) override;
    Task<std::vector<NumberedScope>> scopes() override;
    Task<std::int64_t> move_ticket(std::int64_t ticket_id, std::int64_t scope_id) override;
    Task<std::vector<AttemptOfTicket>> attempts_without_scope(std::int64_t after, int limit)
        override;
    Task<MovedPage> moved_page(MovedRequest request) override;
    Task<Sums> sums(SumsQuery query) override;
    Task<std::int64_t> fold_totals(Time now, int limit) override;
    Task<std::int64_t> count_transactions(int limit) override;
    Task<Opened> open(NewAttempt attempt) override;
    Task<Recorded> record(Heard heard) override;
    Task<std::vector<UnmatchedMessage>> claim_unmatched(Time now, int limit) override;
    Task<Reviews> reviews(ReviewQuery query) override;
    Task<ReviewCounts> review_counts(Time now) override;
    Task<Result<ReservedRefund>> reserve_refund(NewRefund refund) override;
    Task<Result<Action>> record_action(NewAction action) override;
    Task<std::vector<Action>> actions_of(
        std::int64_t transaction_id, std::optional<ActionKind> kind
    ) override;
    Task<std::vector<Transaction>> claim_due(DueClaim claim) override;
    Task<std::optional<Time>> next_due() override;
    Task<std::vector<OutgoingEvent>> claim_events(Time now, int limit) override;
    Task<void> record_delivery(OutgoingEvent event, DeliveryOutcome outcome) override;
    Task<std::vector<OutgoingEvent>> events(EventFilter which, std::int64_t after, int limit)
        override;
    Task<std::int64_t> replay_events(EventFilter which, Time now) override;
    Task<std::int64_t> skip_events(EventFilter which, Time now) override;
    Task<Backlog> backlog() override;
    Task<KeyClaim> claim_key(std::string scope, std::string key, std::string fingerprint, Time now)
        override;
    Task<void> store_response(std::string scope, std::string key, StoredResponse answer) override;
    Task<void> release_key(std::string scope, std::string key) override;
    Task<void> forget_keys(Time before) override;
    Task<void> open_session(ConsoleSession session) override;
    Task<std::optional<ConsoleSession>> session(std::string id_hash) override;
    Task<void> note_use(std::string id_hash, Time at) override;
    Task<bool> end_session(std::string id_hash) override;
    Task<bool> claim_renewal(std::string id_hash, Time seen, Time next) override;
    Task<bool> keep_renewed(std::string id_hash, Time claimed, std::string sealed, Time renew_at)
        override;
    Task<bool> end_unrenewed(std::string id_hash, Time claimed) override;
    Task<std::int64_t> end_sessions_of(std::string provider_session, std::string sub) override;
    Task<std::vector<ConsoleSession>> sessions_of(std::string sub) override;
    Task<std::vector<ConsoleSession>> end_own_sessions(
        std::string sub, std::string id_hash, Which which
    ) override;
    Task<void> forget_sessions(Time now, Time unused_since) override;
    Task<std::optional<Review>> review(ReviewName entry, Time now) override;
    Task<Result<std::optional<Handled>>> handle_review(NewHandling handling) override;
    Task<ActionsPage> actions(ActionsQuery query) override;
    Task<EventsPage> find_events(EventsQuery query) override;
    Task<Backlog> backlog_in(SightOfScopes sight) override;
    Task<std::int64_t> change_events(EventsChange change) override;
    Task<MessagesPage> find_messages(MessagesQuery query) override;
    Task<std::optional<RetriableMessage>> retriable_message(std::int64_t number) override;
    Task<std::int64_t> keep_days(DaysBetween days, Time until, int limit) override;
    Task<std::optional<Time>> database_time() override;
    Task<void> beat(Heartbeat heartbeat) override;
    Task<std::int64_t> forget_heartbeats(Time before, int limit) override;
    Task<void> note_ledger_check(LedgerCheck check) override;
    Task<void> note_backup(Time at) override;
    Task<HealthRecord> health_record(Time calls_since, Time heard_since) override;
    Task<Result<StartedRun>> start_run(NewRun run, SightOfScopes sight) override;
    Task<std::optional<RunWithTallies>> open_run(std::string digest, SightOfScopes sight) override;
    Task<std::optional<RunWithTallies>> run(std::int64_t id, SightOfScopes sight) override;
    Task<RunsPage> runs(RunsQuery query) override;
    Task<ItemsPage> run_items(ItemsQuery query) override;
    Task<std::vector<std::int64_t>> payments_in_runs() override;
    Task<Result<Steered>> steer_run(SteeringOrder order) override;
    Task<std::optional<ClaimedItem>> claim_item(ItemClaim claim) override;
    Task<std::optional<SettledItem>> settle_item(RefundItem item, ItemOutcome outcome, Time now)
        override;
    // After a failed commit this tries one, so the store becomes ready when the cause is gone.
    Task<void> check_ready() override;
    std::chrono::milliseconds queue_age() override {
        return std::max(readers_->queue_age(), writer_->queue_age());
    }

    // Without threads: what waits, and the work itself, on this thread; at most `together_max`
    // calls. Returns how many were served; their callers go on when their loop does.
    std::size_t waiting_writes() { return writer_->waiting(); }
    std::size_t waiting_reads() {
        return readers_->waiting() + (searcher_ ? searcher_->waiting() : 0);
    }
    std::size_t serve_writes(std::size_t together_max) { return writer_->serve(together_max); }
    std::size_t serve_reads(std::size_t together_max) {
        const auto served = readers_->serve(together_max);
        return served + (searcher_ ? searcher_->serve(together_max - served) : 0);
    }

private:
    void write(sqlite::Database& database, std::vector<sqlite::Worker::Job>& jobs);
    std::unique_ptr<sqlite::Worker> reading(int connections);
    sqlite::Worker& searches();  // throws StoreDown when it cannot be made

    const SqliteOptions options_;
    std::atomic<bool> last_commit_failed_{false};
    ledger::KnownScopes known_scopes_;
    // Readers end first, then the writer, which serves what waits before it goes.
    sqlite::GroupTotals group_totals_;  // of the writer's thread, which ends before it
    std::unique_ptr<sqlite::Worker> writer_;
    std::unique_ptr<sqlite::Worker> readers_;
    // A search may read thousands of rows: nobody else waits behind it.
    std::unique_ptr<sqlite::Worker> searcher_;
    std::once_flag search_begun_;
};

}  // namespace payments
