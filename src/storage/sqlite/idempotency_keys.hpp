#pragma once

#include <string_view>

#include "flow/ports.hpp"
#include "storage/sqlite/database.hpp"

// Idempotency keys (storage/rules/idempotency_keys), inside a database transaction that the caller
// holds. They throw StoreDown.
namespace payments::sqlite {

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
