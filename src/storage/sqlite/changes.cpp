#include "storage/sqlite/changes.hpp"

#include "storage/rules/changes.hpp"
#include "storage/sqlite/books.hpp"
#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {

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
    if (database.change(ledger::insert_key, scope, key, fingerprint, now) == 1)
        return {KeyClaim::Kind::fresh, {}};
    auto rows = database.query(ledger::select_key, scope, key);
    rows.next();
    const auto known = from_row::key(rows);
    auto claim = ledger::claim_of(known, fingerprint, now);
    if (claim.kind == KeyClaim::Kind::fresh)
        database.change(ledger::take_over_key, now, scope, key, known.claimed_at);
    return claim;
}

void store_response(
    Database& database, std::string_view scope, std::string_view key, const StoredResponse& answer
) {
    database.change(ledger::answer_key, answer.status, answer.body, scope, key);
}

void release_key(Database& database, std::string_view scope, std::string_view key) {
    database.change(ledger::delete_key, scope, key);
}

void forget_keys(Database& database, Time before) {
    database.change(ledger::delete_old_keys, before);
}

}  // namespace payments::sqlite
