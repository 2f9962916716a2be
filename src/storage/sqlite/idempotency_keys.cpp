#include "storage/sqlite/idempotency_keys.hpp"

#include "storage/rules/rows.hpp"

namespace payments::sqlite {

KeyClaim claim_key(
    Database& database, std::string_view scope, std::string_view key, std::string_view fingerprint,
    Time now
) {
    // With one writer nobody comes between these statements, so no order of them can be lost.
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
