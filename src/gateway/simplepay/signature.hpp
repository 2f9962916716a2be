#pragma once

#include <map>
#include <string>
#include <string_view>

// Who signs a SimplePay message, and how. A signature is Base64(HMAC-SHA384(secret, the exact bytes
// of the body)), always over the text that travels and never over one that was parsed and written
// again (docs/providers/simplepay.md, 3.2). Pure; safe on any thread.
namespace payments::simplepay {

// One merchant account takes one currency (docs/providers/simplepay.md, 2.2).
struct Account {
    std::string merchant;
    std::string secret;  // never logged
};
using Accounts = std::map<std::string, Account, std::less<>>;  // by ISO 4217 code

// Null when none is called so, or `merchant` is empty.
const Account* account_of_merchant(const Accounts& accounts, std::string_view merchant);

// White space around the secret is let go, as the control panel copies it.
std::string sign(std::string_view body, std::string_view secret);
// In constant time. White space around the signature is let go; anything but 64 characters of
// standard Base64 fails, and so does every signature when the secret is blank.
bool is_signed(std::string_view body, std::string_view signature, std::string_view secret);

}  // namespace payments::simplepay
