#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "flow/ports.hpp"

// Idempotency keys as both stores keep them: the decision what a key on record says to the next
// request that brings it, and the statements around it, in what both databases take (parameters in
// the order of their first use). docs/design.md, 2.5. Pure; any thread.
namespace payments::ledger {

// A request that claimed a key and has not answered for this long has died: all its calls to others
// together have shorter deadlines (docs/design.md, 5.1 and 6), so whoever takes the key over does
// not run beside it.
inline constexpr std::chrono::minutes key_runs_max{1};

struct KeyRow {
    std::string fingerprint;
    Time claimed_at;
    std::optional<StoredResponse> response;  // nothing before the first request has answered
};

// What `known` says at `now` to a request with this fingerprint: reused when its body was another,
// answered, running, or fresh when the first request has died and the key may be taken over.
KeyClaim claim_of(const KeyRow& known, std::string_view fingerprint, Time now);

// Claims a key that nobody has; changes no row when it is on record.
inline constexpr std::string_view insert_key =
    "INSERT INTO idempotency_keys (scope, key, fingerprint, claimed_at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (scope, key) DO NOTHING";
inline constexpr std::string_view select_key =
    "SELECT fingerprint, claimed_at, status, body FROM idempotency_keys"
    " WHERE scope = $1 AND key = $2";
// $1 is now, $4 when it was claimed by the one that died: of two that take it over at once, the
// second changes no row.
inline constexpr std::string_view take_over_key =
    "UPDATE idempotency_keys SET claimed_at = $1"
    " WHERE scope = $2 AND key = $3 AND claimed_at = $4 AND status IS NULL";
// The first answer stays: a request that was taken over may still come to its own end.
inline constexpr std::string_view answer_key =
    "UPDATE idempotency_keys SET status = $1, body = $2"
    " WHERE scope = $3 AND key = $4 AND status IS NULL";
inline constexpr std::string_view delete_key =
    "DELETE FROM idempotency_keys WHERE scope = $1 AND key = $2 AND status IS NULL";
inline constexpr std::string_view delete_old_keys =
    "DELETE FROM idempotency_keys WHERE claimed_at < $1";

}  // namespace payments::ledger
