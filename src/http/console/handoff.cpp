#include "http/console/handoff.hpp"

#include <algorithm>

#include "support/form.hpp"

namespace payments::http {
namespace {

// Another hash than a session's of the same id: neither can be used as the other.
std::string name_of(std::string_view id) { return "handoff " + std::string{id}; }

}  // namespace

std::string handoff_address(
    std::string_view page, std::string_view to, std::chrono::minutes max_age
) {
    form::Pairs query{{"to", std::string{to}}};
    if (max_age.count() > 0)
        query.emplace_back("max_age", std::to_string(std::chrono::seconds{max_age}.count()));
    const bool has_query = page.find('?') != page.npos;
    return std::string{page} + (has_query ? "&" : "?") + form::write(query);
}

std::string confirmation_address(std::string_view to) {
    return "/console/confirm?" + form::write({{"to", std::string{to}}});
}

// It is nobody's session, so its `sub` is a name that nobody has: it neither counts among those of
// the person nor is on their list.
Task<Result<std::string>> hold_handoff(
    const Console& console, SessionStore& store, NewSession person, Time now
) {
    if (person.sub.size() > name_bytes_max) co_return too_long();
    auto id = new_session_id();
    ConsoleSession waiting;
    waiting.id_hash = session_hash(name_of(id));
    waiting.sealed = console.seal.seal(person.tokens, waiting.id_hash);
    waiting.sub = waiting.id_hash;
    waiting.name = shown_name(person);
    waiting.made_at = waiting.used_at = now;
    waiting.ends_at = std::min<Time>(now + handoff_waits, person.token_ends_at);
    co_await store.open_session(std::move(waiting));
    co_return id;
}

Task<Result<ActiveSession>> find_handoff(
    const Console& console, SessionStore& store, std::string id, Time now
) {
    if (!is_session_id(id))
        co_return Error{Errc::unauthorized, "nobody is being signed in: begin again"};
    auto hash = session_hash(name_of(id));
    co_return co_await find_session_by_hash(console, store, std::move(hash), now);
}

Task<bool> take_handoff(SessionStore& store, std::string id) {
    if (!is_session_id(id)) co_return false;
    auto hash = session_hash(name_of(id));
    co_return co_await store.end_session(std::move(hash));
}

}  // namespace payments::http
