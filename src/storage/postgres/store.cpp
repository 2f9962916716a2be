#include "storage/postgres/store.hpp"

#include <algorithm>

#include "storage/postgres/claims.hpp"
#include "storage/postgres/find.hpp"
#include "storage/postgres/migrations.hpp"
#include "storage/postgres/queries.hpp"
#include "storage/rules/actions.hpp"
#include "storage/rules/changes.hpp"
#include "storage/rules/review_list.hpp"
#include "storage/rules/rows.hpp"

namespace payments {

using postgres::PipelineConnection;
using postgres::ReadJob;
using postgres::ReadPool;
using postgres::ResultSet;
using postgres::ServerAddress;
using postgres::Statement;
using postgres::WriteJob;
using postgres::WritePool;

namespace {

constexpr std::size_t read_together_max = 32;
// Of spans (docs/operations.md, "Traces").
constexpr std::string_view read_name = "database read", commit_name = "database commit";
// Connecting blocks a thread, for up to 3 s a host; with two, reads need not wait while a
// connection for changes is made.
constexpr std::size_t connecting_threads = 2;

int for_reads(int connections) { return std::max(1, connections / 3); }
int for_changes(int connections) { return std::max(1, connections - for_reads(connections)); }

// `into` outlives it: it is in the frame of the coroutine that waits for it.
template <class T>
Task<void> store_rows(Task<std::vector<T>> work, std::vector<T>* into) {
    *into = co_await std::move(work);
}

Task<void> serve_changes(
    const PostgresOptions& options, PipelineConnection& connection, WritePool::Jobs& jobs
) {
    Group group;
    try {
        group = co_await postgres::commit_together(options.address, connection, jobs);
    } catch (const std::exception& broken) {
        group.failure = broken.what();
    }
    if (!group.committed) *options.has_failed = true;
    if (options.on_group) options.on_group(group);
    // No connection was had and no job was looked at: the pool fails them all.
    if (!group.committed && group.changes == 0) throw StoreDown{group.failure};
}

}  // namespace

PostgresStore::PostgresStore(boost::asio::io_context& loop, PostgresOptions options)
    : options_(std::move(options)),
      threads_(connecting_threads),
      reads_(
          loop, threads_, options_.address,
          {for_reads(options_.connections), read_together_max, options_.waiting_max, read_name},
          [this](PipelineConnection& connection, ReadPool::Jobs& jobs) {
              return postgres::serve_reads(options_.address, connection, jobs);
          }
      ),
      searches_(
          loop, threads_, options_.address, {1, 1, options_.waiting_max, read_name},
          [this](PipelineConnection& connection, ReadPool::Jobs& jobs) {
              return postgres::serve_reads(options_.address, connection, jobs);
          }
      ),
      changes_(
          loop, threads_, options_.address,
          {for_changes(options_.connections), options_.group_max, options_.waiting_max,
           commit_name},
          [this](PipelineConnection& connection, WritePool::Jobs& jobs) {
              return serve_changes(options_, connection, jobs);
          }
      ),
      session_reads_(
          loop, threads_, options_.address, {1, read_together_max, options_.waiting_max, read_name},
          [this](PipelineConnection& connection, ReadPool::Jobs& jobs) {
              return postgres::serve_reads(options_.address, connection, jobs);
          }
      ),
      session_changes_(
          loop, threads_, options_.address, {1, 1, options_.waiting_max, commit_name},
          [this](PipelineConnection& connection, WritePool::Jobs& jobs) {
              return serve_changes(options_, connection, jobs);
          }
      ) {}

// A thread that is still connecting ends before what it connects for.
PostgresStore::~PostgresStore() { threads_.join(); }

// ------------------------------------------------------------------------------ ways to ask

Task<std::vector<ResultSet>> PostgresStore::ask(std::vector<Statement> questions) {
    std::vector<ResultSet> answers;
    ReadJob read{std::move(questions), &answers};
    co_await reads_.run(std::move(read));
    co_return answers;
}

Task<ResultSet> PostgresStore::ask(Statement question) {
    std::vector<Statement> one;
    one.push_back(std::move(question));
    auto answers = co_await ask(std::move(one));
    co_return std::move(answers.front());
}

Task<std::vector<ResultSet>> PostgresStore::search(std::vector<Statement> questions) {
    std::vector<ResultSet> answers;
    ReadJob read{std::move(questions), &answers};
    co_await searches_.run(std::move(read));
    co_return answers;
}

Task<std::vector<ResultSet>> PostgresStore::change(std::vector<Statement> statements) {
    std::vector<ResultSet> answers;
    WriteJob change;
    change.statements = std::move(statements);
    change.answers = &answers;
    co_await changes_.run(std::move(change));
    co_return answers;
}

template <class T, class What>
Task<T> PostgresStore::applied(
    T (*apply)(ledger::Books&, const What&), What what, postgres::WritePool* pool
) {
    // By reference: this frame waits for run(). A change that is tried again overwrites its answer.
    std::optional<T> answer;
    WriteJob change;
    change.add_lookups = [&what](postgres::Lookups& lookups) {
        postgres::add_lookups(lookups, what);
    };
    change.apply = [&](ledger::Books& books) { answer.emplace(apply(books, what)); };
    co_await (pool ? *pool : changes_).run(std::move(change));
    co_return std::move(*answer);
}

// ---------------------------------------------------------------------------------- changes

Task<std::int64_t> PostgresStore::reserve_numbers(std::int64_t last) {
    std::vector<Statement> statements{Statement::of(postgres::pass_attempt_numbers, last)};
    statements.push_back(Statement::of("SELECT last_value FROM transactions_number"));
    const auto answers = co_await change(std::move(statements));
    co_return answers[1][0].integer(0);
}

Task<std::int64_t> PostgresStore::scope_id(TicketScope scope) {
    const auto id = ledger::scope_id(scope);
    if (known_scopes_.has(id)) co_return id;
    std::vector<Statement> statements{
        Statement::of(ledger::insert_scope, id, scope.flag, scope.year, scope.event)};
    co_await change(std::move(statements));
    known_scopes_.add(id);
    co_return id;
}

Task<Opened> PostgresStore::open(NewAttempt attempt) {
    return applied<Opened, NewAttempt>(ledger::apply_new_attempt, std::move(attempt));
}

Task<Recorded> PostgresStore::record(Heard heard) {
    return applied<Recorded, Heard>(ledger::apply_heard, std::move(heard));
}

Task<Result<ReservedRefund>> PostgresStore::reserve_refund(NewRefund refund) {
    return applied<Result<ReservedRefund>, NewRefund>(ledger::apply_refund, std::move(refund));
}

// What is about no payment is one chain for all replicas: no payment waits for it.
Task<Result<Action>> PostgresStore::record_action(NewAction action) {
    auto* apart = action.transaction_id ? nullptr : &session_changes_;
    return applied(ledger::apply_action, std::move(action), apart);
}

Task<Result<std::optional<Handled>>> PostgresStore::handle_review(NewHandling handling) {
    auto* apart = handling.transaction_id ? nullptr : &session_changes_;
    return applied(ledger::apply_handling, std::move(handling), apart);
}

Task<void> PostgresStore::record_delivery(OutgoingEvent event, DeliveryOutcome outcome) {
    std::vector<Statement> statements{ledger::settle_event(
        event, outcome, [](const auto&... statement) { return Statement::of(statement...); }
    )};
    co_await change(std::move(statements));
}

Task<std::int64_t> PostgresStore::replay_events(EventFilter which, Time now) {
    return change_filtered(ledger::replay_filtered, which, now);
}

Task<std::int64_t> PostgresStore::skip_events(EventFilter which, Time now) {
    return change_filtered(ledger::skip_filtered, which, now);
}

Task<std::int64_t> PostgresStore::change_filtered(
    std::string_view sql, EventFilter which, Time now
) {
    std::vector<Statement> statements{ledger::with_filter(which, [&](const auto&... filter) {
        return Statement::of(sql, now, filter...);
    })};
    const auto answers = co_await change(std::move(statements));
    co_return answers[0].changed();
}

// ----------------------------------------------------------- claims: looking costs no commit

template <class T, class... What>
Task<std::vector<T>> PostgresStore::claim(Statement is_due, Take<T, What...> take, What... what) {
    std::vector<T> claimed;
    const auto due = co_await ask(std::move(is_due));
    if (due.empty()) co_return claimed;
    WriteJob change;
    change.alone = [&, take](PipelineConnection& connection) {
        return store_rows(take(options_.address, connection, what...), &claimed);
    };
    co_await changes_.run(std::move(change));
    co_return claimed;
}

Task<std::vector<Transaction>> PostgresStore::claim_due(DueClaim which) {
    auto is_due = postgres::ask_has_due(which);
    return claim<Transaction>(std::move(is_due), postgres::claim_due, std::move(which));
}

Task<std::vector<UnmatchedMessage>> PostgresStore::claim_unmatched(Time now, int limit) {
    return claim<UnmatchedMessage>(
        postgres::ask_has_unmatched(now), postgres::claim_unmatched, now, limit
    );
}

Task<std::vector<OutgoingEvent>> PostgresStore::claim_events(Time now, int limit) {
    return claim<OutgoingEvent>(
        postgres::ask_has_due_event(now), postgres::claim_events, now, limit
    );
}

// ------------------------------------------------------------------------- idempotency keys

// While another request is claiming the same key the first statement waits for its commit, and the
// second sees its row. A key whose first request has died is taken over in a second commit, which
// changes no row when somebody else was quicker or the first answer came after all.
Task<KeyClaim> PostgresStore::claim_key(
    std::string scope, std::string key, std::string fingerprint, Time now
) {
    KeyClaim claim{KeyClaim::Kind::fresh, {}};
    std::vector<Statement> statements{
        Statement::of(ledger::insert_key, scope, key, fingerprint, now),
        Statement::of(ledger::select_key, scope, key)};
    const auto answers = co_await change(std::move(statements));
    if (answers[0].changed() > 0) co_return claim;
    claim.kind = KeyClaim::Kind::running;
    if (answers[1].empty()) co_return claim;  // it was released just now
    const auto known = from_row::key(answers[1][0]);
    auto found = ledger::claim_of(known, fingerprint, now);
    if (found.kind != KeyClaim::Kind::fresh) co_return found;
    std::vector<Statement> take_over{
        Statement::of(ledger::take_over_key, now, scope, key, known.claimed_at)};
    const auto taken = co_await change(std::move(take_over));
    co_return taken[0].changed() > 0 ? found : claim;
}

Task<void> PostgresStore::store_response(
    std::string scope, std::string key, StoredResponse answer
) {
    std::vector<Statement> statements{
        Statement::of(ledger::answer_key, answer.status, answer.body, scope, key)};
    co_await change(std::move(statements));
}

Task<void> PostgresStore::release_key(std::string scope, std::string key) {
    std::vector<Statement> statements{Statement::of(ledger::delete_key, scope, key)};
    co_await change(std::move(statements));
}

Task<void> PostgresStore::forget_keys(Time before) {
    std::vector<Statement> statements{Statement::of(ledger::delete_old_keys, before)};
    co_await change(std::move(statements));
}

// ---------------------------------------------------------------------------------- readiness

Task<void> PostgresStore::check_ready() {
    const auto place = options_.address.place();
    const auto rows = co_await ask(postgres::ask_readiness());
    if (rows[0].integer(1) < postgres::migrations().back().version)
        throw StoreDown{"database " + place + ": its schema is not migrated"};
    if (rows[0].flag(0)) throw StoreDown{"database " + place + ": it only reads"};
    if (!*options_.has_failed) co_return;
    // 64 KiB, as much as a busy moment writes: a disk with room for a page alone is not ready.
    std::vector<Statement> probe{Statement::of(
        "UPDATE commit_probe SET filler = decode(repeat(md5(random()::text), 4096), 'hex')"
    )};
    co_await change(std::move(probe));
    *options_.has_failed = false;
}

}  // namespace payments
