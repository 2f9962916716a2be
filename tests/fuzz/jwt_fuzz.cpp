#include <cstdlib>

#include "http/key_making.hpp"
#include "http/tokens.hpp"
#include "support/crypto.hpp"

namespace {

using namespace payments;
using namespace payments::http;

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
    (void)check_claims(*claims, rules, Time{});
    (void)check_claims(*claims, {}, Time{});
    const auto caller = read_caller(*claims);
    if (caller && caller->name.empty()) std::abort();
}

}  // namespace

// The text as a token, as a key set, and as header and payload of a token that is signed.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (const auto token = Token::read(text)) {
        if (check_signature(*token, keys().verifying)) std::abort();
        judge_claims(*token);
    }
    (void)KeySet::read(text);

    const auto half = text.find('\n');
    if (half == text.npos) return 0;
    const auto signed_text =
        crypto::base64url(text.substr(0, half)) + '.' + crypto::base64url(text.substr(half + 1));
    for (const auto& key : keys().signing) {
        if (key.algorithm() == Algorithm::rs256) continue;  // too slow to sign with here
        const auto signature = crypto::base64url(key.sign(signed_text));
        const auto token = Token::read(signed_text + '.' + signature);
        if (!token) return 0;
        // A good signature never counts for another algorithm than the key's.
        if (check_signature(*token, keys().verifying) && token->alg != name(key.algorithm()))
            std::abort();
        judge_claims(*token);
    }
    return 0;
}
