#include "http/auth/signed_claims.hpp"

namespace payments::http {

Task<Result<json::object>> signed_claims(
    KeyRing& ring, std::string token, ClaimRules rules, Time now
) {
    const auto read = Token::read(token);
    if (!read) co_return read.error();
    auto keys = ring.keys();
    if (read->kid && !keys->knows(*read->kid)) {
        co_await ring.renew(now);
        keys = ring.keys();
    }
    if (const auto good = check_signature(*read, *keys); !good) co_return good.error();
    auto claims = read_claims(*read);
    if (!claims) co_return claims.error();
    if (const auto good = check_claims(*claims, rules, now); !good) co_return good.error();
    co_return claims;
}

}  // namespace payments::http
