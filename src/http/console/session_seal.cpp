#include "http/console/session_seal.hpp"

#include <stdexcept>

#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::http {
namespace {

std::string about(std::string_view id_hash) { return "console session " + std::string{id_hash}; }

}  // namespace

SessionSeal::SessionSeal(std::vector<std::string> keys) : keys_(std::move(keys)) {
    if (keys_.empty()) throw std::invalid_argument{"sessions need a key"};
}

std::string SessionSeal::seal(const SessionTokens& tokens, std::string_view id_hash) const {
    const json::object held{{"user", tokens.user}};
    return crypto::base64(crypto::seal(keys_.front(), json::write(held), about(id_hash)));
}

std::optional<SessionTokens> SessionSeal::open(std::string_view sealed, std::string_view id_hash)
    const {
    const auto bytes = crypto::unbase64(sealed);
    if (!bytes) return {};
    for (const auto& key : keys_) {
        const auto text = crypto::unseal(key, *bytes, about(id_hash));
        if (!text) continue;
        const auto held = json::parse(*text);
        if (!held || !held->is_object()) return {};
        SessionTokens tokens;
        tokens.user = json::string_or(held->get_object(), "user", "");
        return tokens;
    }
    return {};
}

}  // namespace payments::http
