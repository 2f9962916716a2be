#include "gateway/simplepay/signature.hpp"

#include <algorithm>

#include "support/crypto.hpp"
#include "support/text.hpp"

namespace payments::simplepay {
namespace {

constexpr std::size_t signature_length = 64;  // of 48 bytes in Base64

}  // namespace

const Account* account_of_merchant(const Accounts& accounts, std::string_view merchant) {
    const auto found = std::ranges::find_if(accounts, [&](const auto& entry) {
        return !merchant.empty() && entry.second.merchant == merchant;
    });
    return found == accounts.end() ? nullptr : &found->second;
}

std::string sign(std::string_view body, std::string_view secret) {
    return crypto::base64(crypto::hmac_sha384(text::trim(secret), body));
}

bool is_signed(std::string_view body, std::string_view signature, std::string_view secret) {
    const auto given = text::trim(signature);
    // Any other length is refused unread; a length tells nobody anything
    // (docs/providers/simplepay.md, 3.2).
    if (text::trim(secret).empty() || given.size() != signature_length) return false;
    return crypto::equal_in_constant_time(given, sign(body, secret));
}

}  // namespace payments::simplepay
