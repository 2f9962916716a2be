#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/transaction.hpp"

namespace payments::http {

// What a session holds for its user. None of it ever reaches the browser.
struct SessionTokens {
    std::string user;     // the user token (JWT) that decides what the user may
    std::string refresh;  // renews it at the identity provider; "" without one
    std::string id;       // the ID token, a hint when signing out there; "" without one
    // When the user last proved who they are; long ago when nobody has said.
    Time authenticated_at{};
};

// Seals them for the database: whoever reads the table cannot act for anybody. The seal is bound to
// its session, so that one row's cannot be put into another.
// Never changes once made; any thread. Throws std::runtime_error when OpenSSL fails.
class SessionSeal {
public:
    // `keys` have 32 bytes each. The first seals, all of them open: keys are rolled by putting the
    // new one in front. Throws std::invalid_argument without one.
    explicit SessionSeal(std::vector<std::string> keys);

    std::string seal(const SessionTokens& tokens, std::string_view id_hash) const;
    // Nothing for what was changed, or sealed with none of the keys or for another session.
    std::optional<SessionTokens> open(std::string_view sealed, std::string_view id_hash) const;

    // The same for any text; `about` must be the same again.
    std::string seal_text(std::string_view text, std::string_view about) const;
    std::optional<std::string> open_text(std::string_view sealed, std::string_view about) const;

private:
    std::vector<std::string> keys_;
};

}  // namespace payments::http
