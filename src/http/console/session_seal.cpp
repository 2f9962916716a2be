#include "http/console/session_seal.hpp"

#include <stdexcept>

#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::http {
namespace {

std::string about_session(std::string_view id_hash) {
    return "console session " + std::string{id_hash};
}

}  // namespace

SessionSeal::SessionSeal(std::vector<std::string> keys) : keys_(std::move(keys)) {
    if (keys_.empty()) throw std::invalid_argument{"sessions need a key"};
}

std::string SessionSeal::seal_text(std::string_view text, std::string_view about) const {
    return crypto::base64(crypto::seal(keys_.front(), text, about));
}

std::optional<std::string> SessionSeal::open_text(std::string_view sealed, std::string_view about)
    const {
    const auto bytes = crypto::unbase64(sealed);
    if (!bytes) return {};
    for (const auto& key : keys_)
        if (auto text = crypto::unseal(key, *bytes, about)) return text;
    return {};
}

std::string SessionSeal::seal(const SessionTokens& tokens, std::string_view id_hash) const {
    const json::object held{
        {"user", tokens.user},
        {"refresh", tokens.refresh},
        {"id", tokens.id},
        {"authenticated_at", tokens.authenticated_at.time_since_epoch().count()}};
    return seal_text(json::write(held), about_session(id_hash));
}

std::optional<SessionTokens> SessionSeal::open(std::string_view sealed, std::string_view id_hash)
    const {
    const auto text = open_text(sealed, about_session(id_hash));
    if (!text) return {};
    const auto held = json::parse(*text);
    if (!held || !held->is_object()) return {};
    const auto& members = held->get_object();
    SessionTokens tokens;
    tokens.user = json::string_or(members, "user", "");
    tokens.refresh = json::string_or(members, "refresh", "");
    tokens.id = json::string_or(members, "id", "");
    if (const auto* at = json::find(members, "authenticated_at"); at && at->is_int64())
        tokens.authenticated_at = Time{Time::duration{at->get_int64()}};
    return tokens;
}

}  // namespace payments::http
