#include "storage/sqlite/store.hpp"

#include "storage/rules/actions.hpp"
#include "storage/rules/changes.hpp"
#include "storage/sqlite/books.hpp"
#include "storage/sqlite/claims.hpp"
#include "storage/sqlite/console_sessions.hpp"
#include "storage/sqlite/find.hpp"
#include "storage/sqlite/health.hpp"
#include "storage/sqlite/idempotency_keys.hpp"
#include "storage/sqlite/numbers.hpp"
#include "storage/sqlite/office.hpp"
#include "storage/sqlite/outbox.hpp"
#include "storage/sqlite/queries.hpp"
#include "storage/sqlite/refund_runs.hpp"
#include "storage/sqlite/scopes.hpp"
#include "storage/sqlite/totals.hpp"

namespace payments {

using sqlite::answer_of;
using sqlite::Database;
using sqlite::Worker;

namespace {
// On the thread that makes the store, so that a database that cannot be used stops the start.
std::vector<std::unique_ptr<Database>> connect(
    const SqliteOptions& options, Database::Access access, int count
) {
    std::vector<std::unique_ptr<Database>> connections;
    for (int i = 0; i < count; ++i)
        connections.push_back(
            std::make_unique<Database>(options.path, access, options.busy_timeout_ms)
        );
    return connections;
}

// Calls `what` on a thread of `worker` with copies of the arguments: the caller's frame may be gone
// before the work is done.
template <class T, class... Parameters, class... Arguments>
Task<T> call_on(Worker& worker, T (*what)(Database&, Parameters...), Arguments... arguments) {
    return answer_of(worker, [what, ... copies = std::move(arguments)](Database& database) {
        return what(database, copies...);
    });
}

// The change as both stores decide it, on the books of the writer's transaction.
template <class T, class What>
Task<T> apply_on(
    Worker& writer, sqlite::GroupTotals& totals, T (*apply)(ledger::Books&, const What&), What what
) {
    return answer_of(writer, [&totals, apply, what = std::move(what)](Database& database) {
        sqlite::SqliteBooks books{database, &totals};
        return apply(books, what);
    });
}

}  // namespace

SqliteStore::SqliteStore(SqliteOptions options) : options_(std::move(options)) {
    auto writing = connect(options_, Database::Access::write, 1);
    sqlite::check_schema(*writing.front());
    writer_ = std::make_unique<Worker>(
        std::move(writing),
        Worker::Limits{
            options_.group_max, options_.waiting_max, options_.threads, "database commit"},
        [this](Database& database, std::vector<Worker::Job>& jobs) { write(database, jobs); }
    );
    readers_ = reading(options_.readers);
}

std::unique_ptr<Worker> SqliteStore::reading(int connections) {
    // One at a time: a reader that took several would keep the others idle.
    const Worker::Limits one{1, options_.waiting_max, options_.threads};
    auto readers = connect(options_, Database::Access::read, connections);
    return std::make_unique<Worker>(std::move(readers), one, sqlite::serve_reads);
}

// Made when somebody first searches, as with PostgreSQL: an installation without staff has none.
Worker& SqliteStore::searches() {
    std::call_once(search_begun_, [this] { searcher_ = reading(1); });
    return *searcher_;
}

void SqliteStore::write(Database& database, std::vector<Worker::Job>& jobs) {
    const auto group = sqlite::commit_together(database, jobs, group_totals_.companion());
    last_commit_failed_ = !group.committed;
    if (options_.on_group) options_.on_group(group);
}

// ------------------------------------------------------------------------------------ reads

Task<std::vector<std::int64_t>> SqliteStore::ticket_ids(std::int64_t after, int limit) {
    return call_on(*readers_, sqlite::ticket_ids, after, limit);
}

Task<std::optional<NewestAttempt>> SqliteStore::newest_attempt() {
    return call_on(*readers_, sqlite::newest_attempt);
}

Task<std::vector<Transaction>> SqliteStore::transactions_of(std::int64_t ticket_id) {
    return call_on(*readers_, sqlite::transactions_of, ticket_id);
}

Task<std::optional<Transaction>> SqliteStore::transaction(std::int64_t id) {
    return call_on(*readers_, sqlite::transaction, id);
}

Task<std::vector<Transaction>> SqliteStore::page(PageRequest request) {
    return call_on(*readers_, sqlite::page, request);
}

Task<Reviews> SqliteStore::reviews(ReviewQuery query) {
    return call_on(*readers_, sqlite::reviews, query);
}

Task<ReviewCounts> SqliteStore::review_counts(Time now) {
    return call_on(*readers_, sqlite::review_counts, now);
}

Task<std::optional<Review>> SqliteStore::review(ReviewName entry, Time now) {
    return call_on(*readers_, sqlite::review, entry, now);
}

Task<ActionsPage> SqliteStore::actions(ActionsQuery query) {
    return call_on(searches(), sqlite::actions, std::move(query));
}

Task<EventsPage> SqliteStore::find_events(EventsQuery query) {
    return call_on(searches(), sqlite::find_events, std::move(query));
}

Task<Backlog> SqliteStore::backlog_in(SightOfScopes sight) {
    return call_on(searches(), sqlite::backlog_in, std::move(sight));
}

Task<MessagesPage> SqliteStore::find_messages(MessagesQuery query) {
    return call_on(searches(), sqlite::find_messages, query);
}

Task<std::optional<RetriableMessage>> SqliteStore::retriable_message(std::int64_t number) {
    return call_on(*readers_, sqlite::retriable_message, number);
}

Task<FoundPage> SqliteStore::find(FindQuery query) {
    return call_on(searches(), sqlite::find, std::move(query));
}

Task<MovedPage> SqliteStore::moved_page(MovedRequest request) {
    return call_on(searches(), sqlite::moved_page, std::move(request));
}

Task<Sums> SqliteStore::sums(SumsQuery query) {
    return call_on(searches(), sqlite::sums, std::move(query));
}

Task<std::vector<KeptMessage>> SqliteStore::messages_of(std::int64_t transaction_id) {
    return call_on(*readers_, sqlite::messages_of, transaction_id);
}

Task<std::optional<KeptMessage>> SqliteStore::message(std::int64_t number) {
    return call_on(*readers_, sqlite::message, number);
}

Task<std::vector<OutgoingEvent>> SqliteStore::events_of(std::int64_t transaction_id) {
    return call_on(*readers_, sqlite::events_of, transaction_id);
}

Task<std::vector<Action>> SqliteStore::actions_of(
    std::int64_t transaction_id, std::optional<ActionKind> kind
) {
    return call_on(*readers_, sqlite::actions_of, transaction_id, kind);
}

Task<std::vector<NumberedScope>> SqliteStore::scopes() {
    auto reading = call_on(*readers_, sqlite::scopes);
    auto all = co_await std::move(reading);
    known_scopes_.replace(all);
    co_return all;
}

Task<std::vector<AttemptOfTicket>> SqliteStore::attempts_without_scope(
    std::int64_t after, int limit
) {
    return call_on(*readers_, sqlite::attempts_without_scope, after, limit);
}

Task<std::optional<Time>> SqliteStore::next_due() { return call_on(*readers_, sqlite::next_due); }

Task<std::vector<OutgoingEvent>> SqliteStore::events(
    EventFilter which, std::int64_t after, int limit
) {
    return call_on(*readers_, sqlite::events, which, after, limit);
}

Task<Backlog> SqliteStore::backlog() { return call_on(*readers_, sqlite::backlog); }

// ---------------------------------------------------------------------------------- changes

Task<std::int64_t> SqliteStore::reserve_numbers(std::int64_t last) {
    return call_on(*writer_, sqlite::reserve_numbers, last);
}

Task<std::int64_t> SqliteStore::scope_id(TicketScope scope) {
    const auto id = ledger::scope_id(scope);
    if (known_scopes_.has(id)) co_return id;
    auto keep = call_on(*writer_, sqlite::keep_scope, std::move(scope));
    co_await std::move(keep);
    known_scopes_.add(id);
    co_return id;
}

Task<std::int64_t> SqliteStore::move_ticket(std::int64_t ticket_id, std::int64_t scope_id) {
    return call_on(*writer_, sqlite::move_ticket, ticket_id, scope_id);
}

// Looking costs no commit, here and below; the calls are named as in claim_events().
Task<std::int64_t> SqliteStore::fold_totals(Time now, int limit) {
    auto look = call_on(*readers_, sqlite::has_pending_totals);
    if (!co_await std::move(look)) co_return 0;
    auto work = call_on(*writer_, sqlite::fold_totals, now, limit);
    co_return co_await std::move(work);
}

Task<std::int64_t> SqliteStore::keep_days(DaysBetween days, Time until, int limit) {
    auto look = call_on(*readers_, sqlite::days_to_keep, std::move(days), until, limit);
    auto missing = co_await std::move(look);
    if (missing.empty()) co_return 0;
    const auto count = std::ssize(missing);
    auto work = call_on(*writer_, sqlite::keep_days, std::move(missing));
    co_await std::move(work);
    co_return count;
}

Task<std::int64_t> SqliteStore::count_transactions(int limit) {
    auto look = call_on(*readers_, sqlite::has_uncounted);
    if (!co_await std::move(look)) co_return 0;
    auto work = call_on(*writer_, sqlite::count_transactions, limit);
    co_return co_await std::move(work);
}

Task<Opened> SqliteStore::open(NewAttempt attempt) {
    return apply_on(*writer_, group_totals_, ledger::apply_new_attempt, std::move(attempt));
}

Task<Recorded> SqliteStore::record(Heard heard) {
    return apply_on(*writer_, group_totals_, ledger::apply_heard, std::move(heard));
}

Task<Result<ReservedRefund>> SqliteStore::reserve_refund(NewRefund refund) {
    return apply_on(*writer_, group_totals_, ledger::apply_refund, std::move(refund));
}

Task<Result<Action>> SqliteStore::record_action(NewAction action) {
    return apply_on(*writer_, group_totals_, ledger::apply_action, std::move(action));
}

Task<Result<std::optional<Handled>>> SqliteStore::handle_review(NewHandling handling) {
    return apply_on(*writer_, group_totals_, ledger::apply_handling, std::move(handling));
}

Task<std::int64_t> SqliteStore::change_events(EventsChange change) {
    return call_on(*writer_, sqlite::change_events, std::move(change));
}

Task<std::vector<UnmatchedMessage>> SqliteStore::claim_unmatched(Time now, int limit) {
    return call_on(*writer_, sqlite::claim_unmatched, now, limit);
}

Task<std::vector<Transaction>> SqliteStore::claim_due(DueClaim claim) {
    return call_on(*writer_, sqlite::claim_due, std::move(claim));
}

// Looking costs no commit, and mostly nothing is due. The calls are named before they are awaited:
// g++ 12 keeps a function's name in the coroutine's frame as if it were an object, and crashes.
Task<std::vector<OutgoingEvent>> SqliteStore::claim_events(Time now, int limit) {
    auto look = call_on(*readers_, sqlite::has_due_event, now);
    if (!co_await std::move(look)) co_return std::vector<OutgoingEvent>{};
    auto claim = call_on(*writer_, sqlite::claim_events, now, limit);
    co_return co_await std::move(claim);
}

Task<void> SqliteStore::record_delivery(OutgoingEvent event, DeliveryOutcome outcome) {
    return call_on(*writer_, sqlite::record_delivery, std::move(event), std::move(outcome));
}

Task<std::int64_t> SqliteStore::replay_events(EventFilter which, Time now) {
    return call_on(*writer_, sqlite::replay_events, which, now);
}

Task<std::int64_t> SqliteStore::skip_events(EventFilter which, Time now) {
    return call_on(*writer_, sqlite::skip_events, which, now);
}

Task<KeyClaim> SqliteStore::claim_key(
    std::string scope, std::string key, std::string fingerprint, Time now
) {
    return call_on(
        *writer_, sqlite::claim_key, std::move(scope), std::move(key), std::move(fingerprint), now
    );
}

Task<void> SqliteStore::store_response(std::string scope, std::string key, StoredResponse answer) {
    return call_on(
        *writer_, sqlite::store_response, std::move(scope), std::move(key), std::move(answer)
    );
}

Task<void> SqliteStore::release_key(std::string scope, std::string key) {
    return call_on(*writer_, sqlite::release_key, std::move(scope), std::move(key));
}

Task<void> SqliteStore::forget_keys(Time before) {
    return call_on(*writer_, sqlite::forget_keys, before);
}

// ---------------------------------------------------------------- sessions of the back office

Task<void> SqliteStore::open_session(ConsoleSession session) {
    return call_on(*writer_, sqlite::open_session, std::move(session));
}

Task<std::optional<ConsoleSession>> SqliteStore::session(std::string id_hash) {
    return call_on(*readers_, sqlite::session, std::move(id_hash));
}

Task<void> SqliteStore::note_use(std::string id_hash, Time at) {
    return call_on(*writer_, sqlite::note_use, std::move(id_hash), at);
}

Task<bool> SqliteStore::claim_renewal(std::string id_hash, Time seen, Time next) {
    return call_on(*writer_, sqlite::claim_renewal, std::move(id_hash), seen, next);
}

Task<bool> SqliteStore::keep_renewed(
    std::string id_hash, Time claimed, std::string sealed, Time renew_at
) {
    return call_on(
        *writer_, sqlite::keep_renewed, std::move(id_hash), claimed, std::move(sealed), renew_at
    );
}

Task<bool> SqliteStore::end_unrenewed(std::string id_hash, Time claimed) {
    return call_on(*writer_, sqlite::end_unrenewed, std::move(id_hash), claimed);
}

Task<std::vector<ConsoleSession>> SqliteStore::sessions_of(std::string sub) {
    return call_on(*readers_, sqlite::sessions_of, std::move(sub));
}

Task<std::vector<ConsoleSession>> SqliteStore::end_own_sessions(
    std::string sub, std::string id_hash, Which which
) {
    return call_on(*writer_, sqlite::end_own_sessions, std::move(sub), std::move(id_hash), which);
}

Task<std::int64_t> SqliteStore::end_sessions_of(std::string provider_session, std::string sub) {
    return call_on(*writer_, sqlite::end_sessions_of, std::move(provider_session), std::move(sub));
}

Task<bool> SqliteStore::end_session(std::string id_hash) {
    return call_on(*writer_, sqlite::end_session, std::move(id_hash));
}

Task<void> SqliteStore::forget_sessions(Time now, Time unused_since) {
    return call_on(*writer_, sqlite::forget_sessions, now, unused_since);
}

// ------------------------------------------------------------------ how the installation is

Task<std::optional<Time>> SqliteStore::database_time() { co_return std::nullopt; }

Task<void> SqliteStore::beat(Heartbeat heartbeat) {
    return call_on(*writer_, sqlite::beat, std::move(heartbeat));
}

Task<std::int64_t> SqliteStore::forget_heartbeats(Time before, int limit) {
    return call_on(*writer_, sqlite::forget_heartbeats, before, limit);
}

Task<void> SqliteStore::note_ledger_check(LedgerCheck check) {
    return call_on(*writer_, sqlite::note_ledger_check, std::move(check));
}

Task<void> SqliteStore::note_backup(Time at) { return call_on(*writer_, sqlite::note_backup, at); }

Task<HealthRecord> SqliteStore::health_record(Time calls_since, Time heard_since) {
    return call_on(*readers_, sqlite::health_record, calls_since, heard_since);
}

// ------------------------------------------------------------------------------ refund runs

Task<Result<StartedRun>> SqliteStore::start_run(NewRun run, SightOfScopes sight) {
    return call_on(*writer_, sqlite::start_run, std::move(run), std::move(sight));
}

Task<std::optional<RunWithTallies>> SqliteStore::open_run(std::string digest, SightOfScopes sight) {
    return call_on(searches(), sqlite::open_run, std::move(digest), std::move(sight));
}

Task<std::optional<RunWithTallies>> SqliteStore::run(std::int64_t id, SightOfScopes sight) {
    return call_on(searches(), sqlite::run, id, std::move(sight));
}

Task<RunsPage> SqliteStore::runs(RunsQuery query) {
    return call_on(searches(), sqlite::runs, std::move(query));
}

Task<ItemsPage> SqliteStore::run_items(ItemsQuery query) {
    return call_on(searches(), sqlite::run_items, query);
}

Task<std::vector<std::int64_t>> SqliteStore::payments_in_runs() {
    return call_on(searches(), sqlite::payments_in_runs);
}

Task<Result<Steered>> SqliteStore::steer_run(SteeringOrder order) {
    return call_on(*writer_, sqlite::steer_run, std::move(order));
}

Task<std::optional<ClaimedItem>> SqliteStore::claim_item(ItemClaim claim) {
    auto look = call_on(*readers_, sqlite::has_due_item, claim);
    if (!co_await std::move(look)) co_return std::nullopt;
    auto work = call_on(*writer_, sqlite::claim_item, claim);
    co_return co_await std::move(work);
}

Task<std::optional<SettledItem>> SqliteStore::settle_item(
    RefundItem item, ItemOutcome outcome, Time now
) {
    return call_on(*writer_, sqlite::settle_item, std::move(item), std::move(outcome), now);
}

// -------------------------------------------------------------------------------- readiness

// The probe after a failed commit writes as much as a busy moment's commit (migration 0002): a disk
// with room for a single page is not yet ready.
Task<void> SqliteStore::check_ready() {
    co_await answer_of(*readers_, [](Database& database) {
        database.check_in_place();
        if (sqlite::schema_version(database) < sqlite::migrations().back().version)
            throw StoreDown{"database " + database.path() + ": its schema is not migrated"};
    });
    if (!last_commit_failed_) co_return;
    co_await answer_of(*writer_, [](Database& database) {
        database.change("UPDATE commit_probe SET filler = randomblob(65536)");
    });
}

}  // namespace payments
