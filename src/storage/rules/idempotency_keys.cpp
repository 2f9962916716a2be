#include "storage/rules/idempotency_keys.hpp"

namespace payments::ledger {

KeyClaim claim_of(const KeyRow& known, std::string_view fingerprint, Time now) {
    if (known.fingerprint != fingerprint) return {KeyClaim::Kind::reused, {}};
    if (known.response) return {KeyClaim::Kind::answered, *known.response};
    if (now - known.claimed_at <= key_runs_max) return {KeyClaim::Kind::running, {}};
    return {KeyClaim::Kind::fresh, {}};
}

}  // namespace payments::ledger
