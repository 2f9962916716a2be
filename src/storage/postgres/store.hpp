#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>

#include "flow/console/sessions.hpp"
#include "storage/postgres/serving.hpp"
#include "storage/rules/books.hpp"
#include "storage/rules/group_commit.hpp"
#include "storage/rules/review_list.hpp"
#include "storage/rules/scopes.hpp"

namespace payments {

struct PostgresOptions {
    postgres::ServerAddress address;
    // Two thirds for changes, the rest for questions, each >= 1; one more for searches, and two for
    // sessions of the back office.
    int connections = 3;
    std::size_t group_max = 64;        // changes in one commit
    std::size_t waiting_max = 10'000;  // calls in a queue; beyond that they throw StoreDown at once
    // Called for every group commit, on the loop's thread; must not throw or block.
    std::function<void(const Group&)> on_group{};
    // Whether a commit has failed and check_ready() has not yet made one to see whether the server
    // takes changes again. Shared by the stores of all loops.
    std::shared_ptr<std::atomic<bool>> has_failed = std::make_shared<std::atomic<bool>>(false);
};

// The store for many replicas (docs/design.md, 8): one object for each event loop, with a few
// connections of its own. Changes that wait for a connection are committed together: looked up and
// locked in one exchange with the server, decided here, written and committed in a second. On the
// loop's thread only. Calls throw StoreDown (also when a commit's outcome is not known), and
// postgres::Refused for a row that the schema forbids.
class PostgresStore final : public ServiceStore {
public:
    // Throws nothing: connects when it is first asked. `loop` runs the calls and must outlive them.
    PostgresStore(boost::asio::io_context& loop, PostgresOptions options);
    ~PostgresStore() override;

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
    Task<std::vector<Transaction>> claim_due(DueClaim which) override;
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
        return std::max(reads_.queue_age(), changes_.queue_age());
    }

private:
    Task<std::vector<postgres::ResultSet>> ask(std::vector<postgres::Statement> questions);
    Task<std::vector<postgres::ResultSet>> search(std::vector<postgres::Statement> questions);
    Task<postgres::ResultSet> ask(postgres::Statement question);
    Task<void> add_handled(ReviewMaterial* material, Time now);
    Task<std::vector<postgres::ResultSet>> change(std::vector<postgres::Statement> statements);
    Task<std::vector<postgres::ResultSet>> change_session(
        std::vector<postgres::Statement> statements
    );
    // A change that needs a connection for itself, where no payment waits.
    template <class T, class What>
    Task<std::optional<T>> change_apart(
        Task<void> (*work
        )(const postgres::ServerAddress&, postgres::PipelineConnection&, const What&,
          std::optional<T>*),
        What what
    );
    Task<std::optional<RunWithTallies>> found_run(postgres::Statement question);
    Task<std::int64_t> change_filtered(std::string_view sql, EventFilter which, Time now);
    // What a claim names: how many and until when, or which accounts' checks.
    template <class T, class... What>
    using Take = Task<std::vector<T>> (*)(
        const postgres::ServerAddress&, postgres::PipelineConnection&, What... what
    );
    template <class T, class... What>
    Task<std::vector<T>> claim(postgres::Statement is_due, Take<T, What...> take, What... what);
    template <class T, class What>
    Task<T> applied(
        T (*apply)(ledger::Books&, const What&), What what, postgres::WritePool* pool = nullptr
    );

    const PostgresOptions options_;
    // For connecting alone, which blocks.
    boost::asio::thread_pool threads_;
    ledger::KnownScopes known_scopes_;
    postgres::ReadPool reads_;
    // A search may read for as long as a statement may take: nobody else waits behind it.
    postgres::ReadPool searches_;
    postgres::WritePool changes_;
    // Sessions of the back office, and folding sums, one commit each: no payment waits for them,
    // nor fails with them.
    postgres::ReadPool session_reads_;
    postgres::WritePool session_changes_;
};

}  // namespace payments
