#include "fuzz.hpp"
#include "http/auth/jwt.hpp"
#include "http/auth/new_key.hpp"
#include "support/crypto.hpp"

namespace {

using namespace payments;
using namespace payments::http;
using fuzz::require;

const Time now{std::chrono::seconds{1'772'443'269}};

struct Keys {
    KeySet verifying;
    std::vector<Key> signing;
};

// Made anew in each run: no text that the fuzzer finds can have a good signature.
const Keys& keys() {
    static const Keys made = [] {
        Keys fresh;
        json::array list;
        for (const auto algorithm :
             {Algorithm::es256, Algorithm::rs256, Algorithm::eddsa, Algorithm::hs256}) {
            const auto jwk = new_key(algorithm);
            list.push_back(public_jwk(jwk));
            fresh.signing.push_back(*Key::read(jwk, Key::Use::sign).value());
        }
        json::object set;
        set["keys"] = list;
        fresh.verifying = KeySet::read(json::write(set)).value();
        return fresh;
    }();
    return made;
}

void judge_claims(const Token& token) {
    const auto claims = read_claims(token);
    if (!claims) return;
    const ClaimRules rules{"issuer", "audience"};
    const auto lenient = check_claims(*claims, {}, now);
    require(!check_claims(*claims, rules, now) || lenient);
    if (lenient) {
        require(claims->contains("exp") && *lenient > now);
        require(!check_claims(*claims, {}, *lenient));  // and not a moment longer
    }
    const auto kind = kind_of(*claims);
    if (!kind) return;
    const bool user = *kind == Caller::Kind::user;
    require(user == !json::find(*claims, "service"));
    const auto caller = read_caller(*claims, *kind);
    if (!caller) return;
    require(caller->kind == *kind && !caller->name.empty());
    require(caller->name == json::string_or(*claims, user ? "sub" : "service", ""));
    require(
        caller->privileges.empty() ||
        json::find(*claims, user ? "privs" : "servicePrivs") != nullptr
    );
}

// What is signed with a key counts for that key alone, and only as it was signed.
void judge_signed(const std::string& signed_text, const Key& key) {
    auto signature = key.sign(signed_text);
    const auto token = Token::read(signed_text + '.' + crypto::base64url(signature));
    if (!token) return;
    const bool good = check_signature(*token, keys().verifying).has_value();
    require(!good || algorithm_of(token->alg) == key.algorithm());
    judge_claims(*token);
    if (!good) return;
    signature[signature.size() / 2] ^= 1;
    const auto forged = Token::read(signed_text + '.' + crypto::base64url(signature));
    require(forged && !check_signature(*forged, keys().verifying));
}

// Claims that we sign ourselves are read back as they were.
void judge_minted(std::string_view text) {
    auto claims = json::parse(text);
    if (!claims || !claims->is_object()) return;
    const auto& key = keys().signing.back();  // HS256, the quickest
    const auto token = Token::read(mint(key, claims->get_object(), now));
    require(token && check_signature(*token, keys().verifying));
    auto read = read_claims(*token).value();
    for (const auto* name : {"iat", "exp"})
        if (!claims->get_object().contains(name)) read.erase(name);
    require(json::canonical(read) == json::canonical(*claims));
}

}  // namespace

// The text as a token, as a key set, as claims, and as header and payload of a token that is
// signed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    if (const auto token = Token::read(text)) {
        require(!check_signature(*token, keys().verifying));
        judge_claims(*token);
    }
    const auto strict = KeySet::read(text);
    const auto lenient = KeySet::read(text, KeySet::Unusable::skipped);
    require(!strict || lenient);
    judge_minted(text);

    const auto half = text.find('\n');
    if (half == text.npos) return 0;
    const auto signed_text =
        crypto::base64url(text.substr(0, half)) + '.' + crypto::base64url(text.substr(half + 1));
    for (const auto& key : keys().signing)
        if (key.algorithm() != Algorithm::rs256) judge_signed(signed_text, key);  // too slow
    return 0;
}
