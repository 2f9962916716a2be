#include "http/console/sessions.hpp"

#include <algorithm>

#include "support/crypto.hpp"
#include "support/utf8.hpp"

namespace payments::http {
namespace {

constexpr std::size_t id_bytes = 32;

// As much of it as fits, in whole characters.
std::string cut(std::string_view name) {
    std::size_t end = 0;
    while (end < name.size()) {
        const auto bytes = std::max<std::size_t>(1, utf8::character_bytes(name.substr(end)));
        if (end + bytes > name_bytes_max) break;
        end += bytes;
    }
    return std::string{name.substr(0, end)};
}

Error no_session(std::string why) { return {Errc::unauthorized, std::move(why)}; }

}  // namespace

std::string new_session_id() { return crypto::base64url(crypto::random_bytes(id_bytes)); }

bool is_session_id(std::string_view id) {
    const auto bytes = crypto::unbase64url(id);
    return bytes && bytes->size() == id_bytes;
}

// Who reads its table cannot make the cookie.
std::string session_hash(std::string_view id) { return crypto::hex(crypto::sha256(id)); }

std::string shown_name(const NewSession& person) {
    return cut(person.name.empty() ? person.sub : person.name);
}

Error too_long() { return {Errc::unauthorized, "the name of who signs in is too long"}; }

Task<Result<std::string>> open_session(
    const Console& console, SessionStore& store, NewSession person, Time now
) {
    if (person.sub.size() > name_bytes_max || person.provider_session.size() > name_bytes_max)
        co_return too_long();
    co_await end_session(store, std::move(person.former));
    auto id = new_session_id();
    ConsoleSession session;
    session.id_hash = session_hash(id);
    session.name = shown_name(person);
    session.sealed = console.seal.seal(person.tokens, session.id_hash);
    session.sub = std::move(person.sub);
    session.made_at = session.used_at = now;
    session.provider_session = std::move(person.provider_session);
    const bool can_renew = !person.tokens.refresh.empty();
    session.ends_at = end_of_new_session(console.limits, now, person.token_ends_at, can_renew);
    if (can_renew) session.renew_at = next_renewal(now, person.token_ends_at);
    co_await store.open_session(std::move(session));
    co_return id;
}

Task<Result<ActiveSession>> find_session(
    const Console& console, SessionStore& store, std::string id, Time now
) {
    if (!is_session_id(id)) co_return no_session("there is no such session: sign in");
    auto hash = session_hash(id);
    co_return co_await find_session_by_hash(console, store, std::move(hash), now);
}

Task<Result<ActiveSession>> find_session_by_hash(
    const Console& console, SessionStore& store, std::string hash, Time now
) {
    auto row = co_await store.session(std::move(hash));
    if (!row) co_return no_session("there is no such session: sign in");
    if (has_ended(*row, console.limits, now))
        co_return no_session("the session has ended: sign in again");
    auto tokens = console.seal.open(row->sealed, row->id_hash);
    if (!tokens) co_return no_session("the session cannot be opened any more: sign in again");
    ActiveSession session{std::move(*row), std::move(*tokens)};
    co_return session;
}

Result<void> check_signed_in_lately(const Console& console, const SessionTokens& held, Time now) {
    const auto age = console.refund_auth_age;
    if (age.count() == 0 || is_recent(held.authenticated_at, age, now)) return {};
    return Error{
        Errc::sign_in_again, "whoever moves money must have signed in within the last " +
                                 std::to_string(age.count()) + " minutes: sign in again"};
}

Task<void> end_session(SessionStore& store, std::string id) {
    if (!is_session_id(id)) co_return;
    auto hash = session_hash(id);
    co_await store.end_session(std::move(hash));
}

}  // namespace payments::http
