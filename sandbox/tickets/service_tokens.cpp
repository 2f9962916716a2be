#include "sandbox/tickets/service_tokens.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "http/auth/jwt.hpp"
#include "http/auth/new_key.hpp"

namespace payments::sandbox {
namespace {

Time now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

template <class T>
T or_throw(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().detail);
    return std::move(*result);
}

std::string read_file(const std::filesystem::path& path) {
    return or_throw(http::read_key_file(path.string()));
}

void write_file(const std::filesystem::path& path, const json::value& content, bool is_private) {
    std::ofstream file{path};
    if (is_private) {
        std::filesystem::permissions(
            path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write
        );
    }
    file << json::write(content) << "\n";
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

Result<json::object> checked(const http::KeySet& keys, std::string_view text) {
    const auto token = http::Token::read(text);
    if (!token) return token.error();
    const auto signature = http::check_signature(*token, keys);
    if (!signature) return signature.error();
    auto claims = http::read_claims(*token);
    if (!claims) return claims;
    const auto valid = http::check_claims(*claims, {}, now());
    if (!valid) return valid.error();
    const auto kind = http::kind_of(*claims);
    if (!kind) return kind.error();
    if (*kind != Caller::Kind::service) return Error{Errc::unauthorized, "not a service token"};
    return claims;
}

}  // namespace

ServiceTokens read_service_tokens(const std::string& directory) {
    const std::filesystem::path root{directory};
    const auto signing = or_throw(http::read_signing_key(read_file(root / "service.jwk")));
    const auto keys = or_throw(http::KeySet::read(read_file(root / "payments.jwks")));
    ServiceTokens tokens;
    tokens.mint = [signing](json::object claims) {
        return http::mint(signing, std::move(claims), now());
    };
    tokens.check = [keys](std::string_view token) { return checked(keys, token); };
    return tokens;
}

void make_keys(const std::string& directory) {
    const std::filesystem::path root{directory};
    std::filesystem::create_directories(root);
    for (const std::string name : {"user", "service", "payments"}) {
        const auto private_path = root / (name + ".jwk");
        const auto public_path = root / (name + ".jwks");
        json::object jwk;
        if (std::filesystem::exists(private_path)) {
            const auto kept = or_throw(json::parse(read_file(private_path)));
            if (!kept.is_object()) throw std::runtime_error(private_path.string() + " is no JWK");
            jwk = kept.get_object();
        } else {
            jwk = http::new_key(http::Algorithm::es256);
            write_file(private_path, jwk, true);
        }
        json::array keys;
        keys.push_back(http::public_jwk(jwk));
        write_file(public_path, json::object{{"keys", keys}}, false);
    }
}

}  // namespace payments::sandbox
