#include "http/auth/jwks.hpp"

#include <algorithm>
#include <fstream>

namespace payments::http {
namespace {

std::string name_of(const json::object& jwk, std::size_t place) {
    const auto kid = json::string_or(jwk, "kid", "");
    return kid.empty() ? "key " + std::to_string(place) + " of the set" : "key \"" + kid + '"';
}

Error unusable(std::string detail) { return {Errc::invalid_request, std::move(detail)}; }

}  // namespace

Result<KeySet> KeySet::read(std::string_view text, Unusable unusable_keys) {
    if (text.size() > bytes_max) return unusable("a key set has at most 256 KiB");
    const auto document = json::parse(text);
    if (!document) return unusable("not a key set: " + document.error().detail);
    if (!document->is_object()) return unusable("not a key set: not a JSON object");
    const auto& top = document->get_object();
    json::array list;
    if (const auto* keys = json::find(top, "keys"); keys && keys->is_array())
        list = keys->get_array();
    else if (json::find(top, "kty"))
        list.push_back(*document);
    else
        return unusable("not a key set: it has no list \"keys\"");

    KeySet set;
    std::string passed_over;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const json::object nothing;
        const auto* found = list[i].if_object();
        const auto& jwk = found ? *found : nothing;
        auto key = found ? Key::read(jwk, Key::Use::verify) : unusable("not a JSON object");
        if (key && *key) {
            set.keys_.push_back(std::move(**key));
            continue;
        }
        const auto why = key ? Key::why_not_for(jwk, Key::Use::verify) : key.error().detail;
        auto remark = name_of(jwk, i + 1) + ": " + why;
        if (!key && unusable_keys == Unusable::refused) return unusable(std::move(remark));
        set.unused_.emplace(json::string_or(jwk, "kid", ""), why);
        passed_over += (passed_over.empty() ? ": " : "; ") + remark;
        if (!key) set.remarks_.push_back(std::move(remark));
    }
    if (set.keys_.empty())
        return unusable(
            "the set has no key for RS256, ES256, EdDSA or HS256 signatures" + passed_over
        );
    set.remark_on_doubled_kids();
    return set;
}

void KeySet::remark_on_doubled_kids() {
    for (auto key = keys_.begin(); key != keys_.end(); ++key) {
        const auto is_twin = [&](const Key& other) {
            return other.id() == key->id() && other.algorithm() == key->algorithm();
        };
        const bool is_first = std::find_if(keys_.begin(), key, is_twin) == key;
        if (key->id().empty() || !is_first || std::count_if(key, keys_.end(), is_twin) < 2)
            continue;
        remarks_.push_back(
            "key \"" + key->id() +
            "\" is in the set more than once: tokens that name it are refused"
        );
    }
}

bool KeySet::knows(std::string_view kid) const {
    return std::ranges::any_of(keys_, [&](const Key& key) { return key.id() == kid; });
}

Result<Key> KeySet::fitting(const std::optional<std::string>& kid, std::string_view alg) const {
    if (kid && !knows(*kid)) {
        const auto unused = unused_.find(*kid);
        if (unused == unused_.end())
            return unauthorized_because("the token's kid is none of our keys");
        return unauthorized_because("the key of the token's kid is not used: " + unused->second);
    }
    const auto algorithm = algorithm_of(alg);
    const Key* found = nullptr;
    for (const auto& key : keys_) {
        if ((kid && key.id() != *kid) || key.algorithm() != algorithm) continue;
        if (found && kid)
            return unauthorized_because("our key set has the token's kid more than once");
        // To try one after the other would let a token be good by a key that nobody meant for it.
        if (found)
            return unauthorized_because("several keys fit the token, which must name one by kid");
        found = &key;
    }
    if (!found) return unauthorized_because("no key fits the token's alg");
    return *found;
}

Result<std::string> read_key_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return unusable(path + " cannot be opened");
    // A byte more than is allowed, to notice a file that is too long without reading it whole.
    std::string text(KeySet::bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (file.fail() && !file.eof())) return unusable(path + " cannot be read");
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > KeySet::bytes_max) return unusable(path + " has more than 256 KiB");
    return text;
}

Result<Key> read_signing_key(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) return unusable("not a JWK: " + document.error().detail);
    if (!document->is_object()) return unusable("not a JWK: not a JSON object");
    auto key = Key::read(document->get_object(), Key::Use::sign);
    if (!key) return unusable("the signing key: " + key.error().detail);
    if (!*key)
        return unusable("the signing key is not one to sign with RS256, ES256, EdDSA or HS256");
    return **key;
}

}  // namespace payments::http
