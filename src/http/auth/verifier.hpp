#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "flow/task.hpp"
#include "http/auth/jwks_source.hpp"
#include "http/auth/jwt.hpp"

namespace payments::http {

// Whose tokens an operation takes (docs/design.md, 4.1).
enum class Accepts : std::uint8_t { user, service, either };

// The text after "Bearer" of an Authorization header (RFC 6750, 2.1). Errc::unauthorized without
// one.
Result<std::string_view> bearer_token(std::string_view authorization);

// Turns Authorization headers into callers. One per event loop, used on its thread only. Checking a
// signature costs more than all else of a request, so it remembers the tokens it has verified, by
// their exact text, until they expire or the keys change.
class TokenVerifier {
public:
    static constexpr std::size_t remembered_max = 4096;  // tokens; then expired ones go, or all
    static constexpr std::size_t remembered_bytes_max =
        4096;  // longer tokens are verified each time

    // The rings outlive the verifier.
    TokenVerifier(
        KeyRing& user_keys, ClaimRules user_rules, KeyRing& service_keys, ClaimRules service_rules
    );

    // `authorization` is the header's value, "" without one. Errc::unauthorized says what is wrong
    // without quoting the token: missing, malformed, of the wrong kind, expired, not signed by a
    // key we know.
    Task<Result<Caller>> verify(std::string authorization, Accepts accepts, Time now);

private:
    // What tokens of one kind are held against.
    struct Side {
        KeyRing& ring;
        ClaimRules rules;
        std::shared_ptr<const KeySet> keys;
        std::uint64_t version = 0;
    };
    struct Remembered {
        Caller caller;
        Time until;
    };

    // Whose keys made a token's signature: the kind of each set that holds such a key.
    struct Verdict {
        Result<void> by_user, by_service;

        bool is_good() const { return by_user || by_service; }
        Result<Caller::Kind> kind(const json::object& claims) const;
    };

    Side& side(Caller::Kind kind) { return kind == Caller::Kind::user ? users_ : services_; }
    Verdict judge(const Token& token) const;
    Task<void> look(Time now);
    Task<void> renew(Side& side, std::optional<std::string> kid, Time now);
    void take_new_keys(Side& side);
    const Caller* recall(const std::string& text, Time now);
    void remember(const std::string& text, const Caller& caller, Time until, Time now);

    Side users_, services_;
    std::unordered_map<std::string, Remembered> remembered_;
};

}  // namespace payments::http
