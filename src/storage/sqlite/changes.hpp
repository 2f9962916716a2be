#pragma once

#include "flow/ports.hpp"
#include "storage/sqlite/database.hpp"

// The changes that Store promises, inside a database transaction that the caller holds.
namespace payments::sqlite {

// As storage/changes makes them.
Opened open(Database& database, const NewAttempt& attempt);
Recorded record(Database& database, const Heard& heard);
Result<ReservedRefund> reserve_refund(Database& database, const NewRefund& refund);

std::vector<Transaction> claim_due(Database& database, Time now, int limit);

KeyClaim claim_key(
    Database& database, std::string_view scope, std::string_view key, std::string_view fingerprint,
    Time now
);
void store_response(
    Database& database, std::string_view scope, std::string_view key, const StoredResponse& answer
);
void release_key(Database& database, std::string_view scope, std::string_view key);
void forget_keys(Database& database, Time before);

}  // namespace payments::sqlite
