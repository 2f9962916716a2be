#include "http/auth/cli.hpp"

#include <istream>
#include <ostream>

#include "http/auth/jwt.hpp"
#include "http/auth/new_key.hpp"

namespace payments::http {
namespace {

constexpr std::size_t token_bytes_max = 64 * 1024;

int say(std::ostream& err, const Error& error) {
    err << error.detail << '\n';
    return 1;
}

// The text up to its end, without white space around it; at most one byte more than allowed.
std::string read_token_text(std::istream& in) {
    std::string text(token_bytes_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    constexpr std::string_view white = " \t\r\n";
    text.erase(0, std::min(text.find_first_not_of(white), text.size()));
    text.resize(text.find_last_not_of(white) + 1);
    return text;
}

Result<KeySet> read_keys(const std::string& path) {
    const auto text = read_key_file(path);
    if (!text) return text.error();
    auto keys = KeySet::read(*text);
    if (!keys) return Error(Errc::invalid_request, path + ": " + keys.error().detail);
    return keys;
}

// The payload of a token that may be believed.
Result<std::string> verified(
    const std::string& text, const KeySet& keys, bool signature_only, Time now
) {
    if (text.size() > token_bytes_max)
        return Error(Errc::unauthorized, "the token has more than 64 KiB");
    const auto token = Token::read(text);
    if (!token) return token.error();
    if (const auto good = check_signature(*token, keys); !good) return good.error();
    if (signature_only) return token->payload;

    const auto claims = read_claims(*token);
    if (!claims) return claims.error();
    // Without issuer and audience: those are settings of the service, which this command does not
    // read.
    if (const auto until = check_claims(*claims, {}, now); !until) return until.error();
    const auto kind = kind_of(*claims);
    if (!kind) return kind.error();
    if (const auto caller = read_caller(*claims, *kind); !caller) return caller.error();
    return token->payload;
}

}  // namespace

int token_verify(
    const std::string& keys_file, bool signature_only, Time now, std::istream& in,
    std::ostream& out, std::ostream& err
) {
    const auto keys = read_keys(keys_file);
    if (!keys) return say(err, keys.error());
    const auto payload = verified(read_token_text(in), *keys, signature_only, now);
    if (!payload) return say(err, payload.error());
    out << *payload << '\n';
    return 0;
}

int token_mint(
    const std::string& key_file, const std::string& claims, Time now, std::ostream& out,
    std::ostream& err
) {
    const auto text = read_key_file(key_file);
    if (!text) return say(err, text.error());
    const auto key = read_signing_key(*text);
    if (!key) return say(err, {Errc::invalid_request, key_file + ": " + key.error().detail});
    const auto parsed = json::parse(claims);
    if (!parsed || !parsed->is_object())
        return say(err, {Errc::invalid_request, "the claims are not a JSON object"});
    out << mint(*key, parsed->get_object(), now) << '\n';
    return 0;
}

int token_new_key(const std::string& algorithm, std::ostream& out, std::ostream& err) {
    const auto known = algorithm_of(algorithm);
    if (!known)
        return say(err, {Errc::invalid_request, "the algorithm is RS256, ES256, EdDSA or HS256"});
    out << json::write(new_key(*known)) << '\n';
    return 0;
}

int token_public_keys(const std::string& key_file, std::ostream& out, std::ostream& err) {
    const auto text = read_key_file(key_file);
    if (!text) return say(err, text.error());
    const auto key = read_signing_key(*text);
    if (!key) return say(err, {Errc::invalid_request, key_file + ": " + key.error().detail});
    if (key->algorithm() == Algorithm::hs256)
        err << "HS256 has no public half: what is printed is the secret itself\n";
    const auto jwk = public_jwk(json::parse(*text)->get_object());
    out << json::write(json::object{{"keys", json::array{jwk}}}) << '\n';
    return 0;
}

}  // namespace payments::http
