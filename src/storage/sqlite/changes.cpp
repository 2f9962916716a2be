#include "storage/sqlite/changes.hpp"

#include "storage/rules/changes.hpp"
#include "storage/sqlite/books.hpp"
#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {
namespace {

using namespace std::chrono_literals;

// A request that claimed a key and has not answered for this long has died.
constexpr auto key_runs_max = 1min;

}  // namespace

Opened open(Database& database, const NewAttempt& attempt) {
    SqliteBooks books{database};
    return ledger::open(books, attempt);
}

Recorded record(Database& database, const Heard& heard) {
    SqliteBooks books{database};
    return ledger::record(books, heard);
}

Result<ReservedRefund> reserve_refund(Database& database, const NewRefund& refund) {
    SqliteBooks books{database};
    return ledger::reserve_refund(books, refund);
}

std::vector<Transaction> claim_due(Database& database, Time now, int limit) {
    std::vector<Transaction> claimed;
    for (const auto id : due(database, now, limit)) {
        auto attempt = kept(database, id).value();
        ledger::reschedule_check(attempt, now);
        database.change(
            "UPDATE transactions SET check_at = ?2, checks = ?3 WHERE id = ?1", id,
            attempt.check_at, attempt.checks
        );
        claimed.push_back(std::move(attempt.transaction));
    }
    return claimed;
}

KeyClaim claim_key(
    Database& database, std::string_view scope, std::string_view key, std::string_view fingerprint,
    Time now
) {
    const bool fresh = database.change(
                           "INSERT INTO idempotency_keys (scope, key, fingerprint, claimed_at)"
                           " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (scope, key) DO NOTHING",
                           scope, key, fingerprint, now
                       ) == 1;
    if (fresh) return {KeyClaim::Kind::fresh, {}};

    auto row = database.query(
        "SELECT fingerprint, claimed_at, status, body FROM idempotency_keys"
        " WHERE scope = ?1 AND key = ?2",
        scope, key
    );
    row.next();
    if (row.text(0) != fingerprint) return {KeyClaim::Kind::reused, {}};
    if (!row.is_null(2))
        return {KeyClaim::Kind::answered, {static_cast<int>(row.integer(2)), row.text(3)}};
    if (now - row.time(1) <= key_runs_max) return {KeyClaim::Kind::running, {}};

    database.change(
        "UPDATE idempotency_keys SET claimed_at = ?3 WHERE scope = ?1 AND key = ?2", scope, key, now
    );
    return {KeyClaim::Kind::fresh, {}};
}

// The first answer stays: a request that was taken over may still come to its own end.
void store_response(
    Database& database, std::string_view scope, std::string_view key, const StoredResponse& answer
) {
    database.change(
        "UPDATE idempotency_keys SET status = ?3, body = ?4"
        " WHERE scope = ?1 AND key = ?2 AND status IS NULL",
        scope, key, answer.status, answer.body
    );
}

void release_key(Database& database, std::string_view scope, std::string_view key) {
    database.change(
        "DELETE FROM idempotency_keys WHERE scope = ?1 AND key = ?2 AND status IS NULL", scope, key
    );
}

void forget_keys(Database& database, Time before) {
    database.change("DELETE FROM idempotency_keys WHERE claimed_at < ?1", before);
}

}  // namespace payments::sqlite
