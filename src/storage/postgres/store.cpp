#include "storage/postgres/store.hpp"

#include "storage/postgres/claims.hpp"
#include "storage/postgres/migrations.hpp"
#include "storage/postgres/queries.hpp"
#include "storage/rules/changes.hpp"
#include "storage/rules/review_list.hpp"

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

using namespace std::chrono_literals;

// A request that claimed a key and has not answered for this long has died.
constexpr auto key_runs_max = 1min;
constexpr std::size_t read_together_max = 32;
constexpr std::size_t connecting_threads = 2;

int for_reads(int connections) { return std::max(1, connections / 3); }
int for_changes(int connections) { return std::max(1, connections - for_reads(connections)); }

const std::string filtered_ids =
    "(SELECT o.id FROM outbox o JOIN transactions t ON t.id = o.transaction_id WHERE " +
    std::string{postgres::filter_condition} + ")";
const auto replay =
    "UPDATE outbox SET delivered_at = NULL, dead_at = NULL, skipped = false, tries = 0,"
    " next_at = $7, last_error = '' WHERE id IN " +
    filtered_ids;
const auto skip =
    "UPDATE outbox SET dead_at = $7, skipped = true"
    " WHERE delivered_at IS NULL AND NOT skipped AND id IN " +
    filtered_ids;

Statement settled(const OutgoingEvent& event, const DeliveryOutcome& settlement) {
    switch (settlement.kind) {
        case DeliveryOutcome::Kind::delivered:
            return Statement::of(
                "UPDATE outbox SET delivered_at = $2, dead_at = NULL, skipped = false"
                " WHERE id = $1 AND delivered_at IS NULL",
                event.number, settlement.at
            );
        case DeliveryOutcome::Kind::failed:
            return Statement::of(
                "UPDATE outbox SET tries = tries + 1, next_at = $3, last_error = $4"
                " WHERE id = $1 AND tries = $2 AND delivered_at IS NULL AND dead_at IS NULL",
                event.number, event.tries, settlement.next_at, settlement.reason
            );
        default:
            return Statement::of(
                "UPDATE outbox SET tries = tries + 1, dead_at = $3, last_error = $4"
                " WHERE id = $1 AND tries = $2 AND delivered_at IS NULL AND dead_at IS NULL",
                event.number, event.tries, settlement.at, settlement.reason
            );
    }
}

// `into` outlives it.
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
    if (!group.committed && group.changes == 0) throw StoreDown{group.failure};
}

}  // namespace

PostgresStore::PostgresStore(boost::asio::io_context& loop, PostgresOptions options)
    : options_(std::move(options)),
      threads_(connecting_threads),
      reads_(
          loop, threads_, options_.address,
          {for_reads(options_.connections), read_together_max, options_.waiting_max},
          [this](PipelineConnection& connection, ReadPool::Jobs& jobs) {
              return postgres::serve_reads(options_.address, connection, jobs);
          }
      ),
      changes_(
          loop, threads_, options_.address,
          {for_changes(options_.connections), options_.group_max, options_.waiting_max},
          [this](PipelineConnection& connection, WritePool::Jobs& jobs) {
              return serve_changes(options_, connection, jobs);
          }
      ) {}

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

Task<std::vector<ResultSet>> PostgresStore::change(std::vector<Statement> statements) {
    std::vector<ResultSet> answers;
    WriteJob change;
    change.statements = std::move(statements);
    change.answers = &answers;
    co_await changes_.run(std::move(change));
    co_return answers;
}

template <class T, class What>
Task<T> PostgresStore::decided(T (*decide)(ledger::Books&, const What&), What what) {
    std::optional<T> answer;
    WriteJob change;
    change.add_lookups = [&what](postgres::Lookups& wanted) {
        postgres::add_lookups(wanted, what);
    };
    change.decide = [&](ledger::Books& books) { answer.emplace(decide(books, what)); };
    co_await changes_.run(std::move(change));
    co_return std::move(*answer);
}

// ------------------------------------------------------------------------------------ reads

Task<std::vector<std::int64_t>> PostgresStore::ticket_ids(std::int64_t after, int limit) {
    co_return postgres::read_numbers(co_await ask(postgres::ask_ticket_ids(after, limit)));
}

Task<std::optional<NewestAttempt>> PostgresStore::newest_attempt() {
    const auto rows = co_await ask(postgres::ask_newest_attempt());
    if (rows.empty()) co_return std::nullopt;
    co_return NewestAttempt{rows[0].integer(0), rows[0].time(1)};
}

Task<std::vector<Transaction>> PostgresStore::transactions_of(std::int64_t ticket_id) {
    co_return postgres::read_transactions(co_await ask(postgres::ask_transactions_of(ticket_id)));
}

Task<std::optional<Transaction>> PostgresStore::transaction(std::int64_t id) {
    auto found = postgres::read_transactions(co_await ask(postgres::ask_transaction(id)));
    if (found.empty()) co_return std::nullopt;
    co_return std::move(found.front());
}

Task<std::vector<Transaction>> PostgresStore::page(PageRequest request) {
    co_return postgres::read_transactions(co_await ask(postgres::ask_page(request)));
}

Task<std::optional<Time>> PostgresStore::next_due() {
    const auto rows = co_await ask(postgres::ask_next_due());
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].time(0);
}

Task<std::vector<OutgoingEvent>> PostgresStore::events(
    EventFilter which, std::int64_t after, int limit
) {
    co_return postgres::read_events(co_await ask(postgres::ask_events(which, after, limit)));
}

Task<Backlog> PostgresStore::backlog() {
    co_return postgres::read_backlog(co_await ask(postgres::ask_backlog()));
}

Task<Reviews> PostgresStore::reviews(ReviewQuery query) {
    const auto answers = co_await ask(postgres::ask_reviews(query.now));
    co_return list_reviews(postgres::read_reviews(answers), query);
}

// ---------------------------------------------------------------------------------- changes

Task<Opened> PostgresStore::open(NewAttempt attempt) {
    return decided<Opened, NewAttempt>(ledger::open, std::move(attempt));
}

Task<Recorded> PostgresStore::record(Heard heard) {
    return decided<Recorded, Heard>(ledger::record, std::move(heard));
}

Task<Result<ReservedRefund>> PostgresStore::reserve_refund(NewRefund refund) {
    return decided<Result<ReservedRefund>, NewRefund>(ledger::reserve_refund, std::move(refund));
}

Task<void> PostgresStore::record_delivery(OutgoingEvent event, DeliveryOutcome settlement) {
    std::vector<Statement> statements;
    statements.push_back(settled(event, settlement));
    co_await change(std::move(statements));
}

Task<std::int64_t> PostgresStore::replay_events(EventFilter which, Time now) {
    std::vector<Statement> statements{postgres::filtered(replay, which, now)};
    const auto answers = co_await change(std::move(statements));
    co_return answers[0].changed();
}

Task<std::int64_t> PostgresStore::skip_events(EventFilter which, Time now) {
    std::vector<Statement> statements{postgres::filtered(skip, which, now)};
    const auto answers = co_await change(std::move(statements));
    co_return answers[0].changed();
}

// ----------------------------------------------------------- claims: looking costs no commit

template <class T>
Task<std::vector<T>> PostgresStore::claim(Statement is_due, Claim<T> take, Time now, int limit) {
    std::vector<T> claimed;
    const auto due = co_await ask(std::move(is_due));
    if (due.empty()) co_return claimed;
    WriteJob change;
    change.alone = [this, take, now, limit, &claimed](PipelineConnection& connection) {
        return store_rows(take(options_.address, connection, now, limit), &claimed);
    };
    co_await changes_.run(std::move(change));
    co_return claimed;
}

Task<std::vector<Transaction>> PostgresStore::claim_due(Time now, int limit) {
    return claim<Transaction>(postgres::ask_has_due(now), postgres::claim_due, now, limit);
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

// Takes over what has died, else claims, else says how it stands; in this order whoever comes
// second waits for the first and sees what it has done.
Task<KeyClaim> PostgresStore::claim_key(
    std::string scope, std::string key, std::string fingerprint, Time now
) {
    using Kind = KeyClaim::Kind;
    std::vector<Statement> statements{
        Statement::of(
            "UPDATE idempotency_keys SET claimed_at = $4 WHERE scope = $1 AND key = $2"
            " AND fingerprint = $3 AND status IS NULL AND claimed_at < $5",
            scope, key, fingerprint, now, Time{now - key_runs_max}
        ),
        Statement::of(
            "INSERT INTO idempotency_keys (scope, key, fingerprint, claimed_at)"
            " VALUES ($1, $2, $3, $4) ON CONFLICT (scope, key) DO NOTHING",
            scope, key, fingerprint, now
        ),
        Statement::of(
            "SELECT fingerprint, status, body FROM idempotency_keys WHERE scope = $1 AND key = $2",
            scope, key
        )};
    const auto answers = co_await change(std::move(statements));
    if (answers[0].changed() + answers[1].changed() > 0) co_return KeyClaim{Kind::fresh, {}};
    if (answers[2].empty()) co_return KeyClaim{Kind::running, {}};  // it was let go just now
    const auto row = answers[2][0];
    if (row.text(0) != fingerprint) co_return KeyClaim{Kind::reused, {}};
    if (row.is_null(1)) co_return KeyClaim{Kind::running, {}};
    StoredResponse answer{static_cast<int>(row.integer(1)), row.text(2)};
    co_return KeyClaim{Kind::answered, std::move(answer)};
}

// The first answer stays: a request that was taken over may still come to its own end.
Task<void> PostgresStore::store_response(
    std::string scope, std::string key, StoredResponse answer
) {
    std::vector<Statement> statements{Statement::of(
        "UPDATE idempotency_keys SET status = $3, body = $4"
        " WHERE scope = $1 AND key = $2 AND status IS NULL",
        scope, key, answer.status, answer.body
    )};
    co_await change(std::move(statements));
}

Task<void> PostgresStore::release_key(std::string scope, std::string key) {
    std::vector<Statement> statements{Statement::of(
        "DELETE FROM idempotency_keys WHERE scope = $1 AND key = $2 AND status IS NULL", scope, key
    )};
    co_await change(std::move(statements));
}

Task<void> PostgresStore::forget_keys(Time before) {
    std::vector<Statement> statements{
        Statement::of("DELETE FROM idempotency_keys WHERE claimed_at < $1", before)};
    co_await change(std::move(statements));
}

// ---------------------------------------------------------------------------------- readiness

Task<void> PostgresStore::check_ready() {
    const auto place = options_.address.place();
    const auto rows =
        co_await ask(Statement::of("SELECT (SELECT max(version) FROM schema_migrations),"
                                   " current_setting('transaction_read_only') = 'on'"));
    if (rows[0].integer(0) < postgres::migrations().back().version)
        throw StoreDown{"database " + place + ": its schema is not migrated"};
    if (rows[0].flag(1)) throw StoreDown{"database " + place + ": it only reads"};
    if (!*options_.has_failed) co_return;
    std::vector<Statement> probe{Statement::of(
        "UPDATE commit_probe SET filler = decode(repeat(md5(random()::text), 4096), 'hex')"
    )};
    co_await change(std::move(probe));
    *options_.has_failed = false;
}

}  // namespace payments
