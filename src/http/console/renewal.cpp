#include "http/console/renewal.hpp"

#include "support/log.hpp"

namespace payments::http {
namespace {

using namespace std::chrono_literals;

// What was granted may have used up the token before it: nothing else can be renewed with. So the
// database is asked again a few times.
constexpr int keep_tries = 4;
constexpr auto first_pause = 250ms;  // twice as long each time

enum class Renewal : std::uint8_t { done, refused, not_now };

// When a token stops counting; now for one that cannot be read, which the next call refuses.
Time end_of(const std::string& token, Time now) {
    const auto read = Token::read(token);
    const auto claims = read ? read_claims(*read) : Result<json::object>{read.error()};
    const auto until = claims ? check_claims(*claims, {}, now) : Result<Time>{claims.error()};
    return until ? *until : now;
}

// The user token among what was granted, if it is good and its owner's: only that takes the place
// of one that counts.
Task<Result<std::string>> user_token(
    RenewalContext& context, const GrantedTokens& granted, const std::string& sub
) {
    std::string user = context.console.oidc->takes_id_token ? granted.id : granted.access;
    std::string authorization = "Bearer " + user;
    const auto caller = co_await context.tokens.verify(
        std::move(authorization), Accepts::user, context.clock.now()
    );
    if (!caller) co_return caller.error();
    if (caller->name != sub) co_return Error{Errc::unauthorized, "the new token is of another"};
    co_return user;
}

// Throws StoreDown when the database has taken it at none of the tries.
Task<void> keep(
    RenewalContext& context, const ActiveSession& session, Time claimed, Time renew_at
) {
    const auto& hash = session.row.id_hash;
    const auto sealed = context.console.seal.seal(session.tokens, hash);
    std::chrono::milliseconds pause = first_pause;
    for (int tries = 1;; ++tries, pause *= 2) {
        try {
            co_await context.store.keep_renewed(hash, claimed, sealed, renew_at);
            co_return;
        } catch (const StoreDown&) {
            if (tries == keep_tries) throw;
        }
        co_await context.clock.sleep_until(context.clock.now() + pause);
    }
}

// The refresh token may be good for one use, and a second use may end everything: of all replicas
// one asks. Its clock is read again after each answer, which may have taken its time.
Task<Renewal> renew(RenewalContext& context, ActiveSession& session) {
    const std::string hash = session.row.id_hash;
    const auto claimed = context.clock.now() + renewal_lease;
    if (!co_await context.store.claim_renewal(hash, *session.row.renew_at, claimed))
        co_return Renewal::not_now;
    std::string refresh = session.tokens.refresh;
    auto answer = co_await context.provider.renew(std::move(refresh));
    if (!answer) {
        log::warning("a session was not renewed", "reason", answer.error().detail);
        if (answer.error().code == Errc::unauthorized) {
            const bool ended = co_await context.store.end_unrenewed(hash, claimed);
            co_return ended ? Renewal::refused : Renewal::not_now;
        }
        co_await context.store.claim_renewal(hash, claimed, context.clock.now() + renewal_pause);
        co_return Renewal::not_now;
    }
    const GrantedTokens granted = std::move(*answer);
    const auto user = co_await user_token(context, granted, session.row.sub);
    const auto now = context.clock.now();
    auto renew_at = now + renewal_pause;
    if (user) {
        session.tokens.user = *user;
        renew_at = next_renewal(now, end_of(*user, now));
    } else {
        log::warning("a session was not renewed", "reason", user.error().detail);
    }
    // Whatever else came, the token before it may be good for nothing any more.
    if (!granted.refresh.empty()) session.tokens.refresh = granted.refresh;
    if (!granted.id.empty()) session.tokens.id = granted.id;
    co_await keep(context, session, claimed, renew_at);
    co_return user ? Renewal::done : Renewal::not_now;
}

}  // namespace

Task<Result<void>> keep_renewed(RenewalContext& context, ActiveSession& session) {
    const auto& due = session.row.renew_at;
    if (!due || context.clock.now() < *due || session.tokens.refresh.empty())
        co_return Result<void>{};
    auto renewal = Renewal::not_now;
    try {
        renewal = co_await renew(context, session);
    } catch (const StoreDown& down) {
        // Whoever has a token that counts goes on looking.
        log::warning("the renewal of a session was not kept", "reason", down.what());
    }
    if (renewal == Renewal::refused)
        co_return Error{Errc::unauthorized, "the session has ended: sign in again"};
    const auto now = context.clock.now();
    if (end_of(session.tokens.user, now) > now) co_return Result<void>{};
    co_return Error{Errc::provider_unavailable, "the session is not renewed yet"}.retry_after(1);
}

}  // namespace payments::http
