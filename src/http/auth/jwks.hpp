#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/auth/jwk.hpp"

// JSON Web Key Sets (RFC 7517, 5), and the files that keys come in. Everything here is a value or a
// plain function, for any thread. No error quotes a key.
namespace payments::http {

// A JSON Web Key Set, or a lone JWK as a set of one.
class KeySet {
public:
    // No set that is in use is near it; a larger text is not worth parsing.
    static constexpr std::size_t bytes_max = 256 * 1024;

    // What becomes of a key that is meant for us and cannot be used: incomplete or weak. Who writes
    // a file of ours is to mend it; a set that is fetched belongs to others, and one bad key is not
    // the end of it (RFC 7517, 5).
    enum class Unusable : std::uint8_t { refused, skipped };

    KeySet() = default;
    // Errc::invalid_request names the key that is wrong, by its kid or its place in the set. Keys
    // that are not for us are passed over, since a set may serve others too, but a set with none
    // for us is an error, which says why of each: every token would be refused.
    static Result<KeySet> read(std::string_view text, Unusable unusable = Unusable::refused);

    // What an operator should be told of a set that is used all the same, one line each: the keys
    // that were skipped, and kids that stand for several keys of one algorithm.
    const std::vector<std::string>& remarks() const { return remarks_; }
    bool knows(std::string_view kid) const;
    // The one key of algorithm `alg` with this kid, or without `kid` the one key of `alg`.
    // Errc::unauthorized when none or several fit: a token must not be tried with key after key.
    Result<Key> fitting(const std::optional<std::string>& kid, std::string_view alg) const;

private:
    void remark_on_doubled_kids();

    std::vector<Key> keys_;
    std::map<std::string, std::string, std::less<>> unused_;  // kid to why
    std::vector<std::string> remarks_;
};

// The whole file, at most KeySet::bytes_max. Errc::invalid_request when it is missing, unreadable
// or larger; names the file, not its content. Blocks while it reads.
Result<std::string> read_key_file(const std::string& path);

// A private JWK to sign with. Errc::invalid_request says what is wrong with it.
Result<Key> read_signing_key(std::string_view text);

}  // namespace payments::http
