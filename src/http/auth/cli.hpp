#pragma once

#include <iosfwd>
#include <string>

#include "payment/transaction.hpp"

// The `token` subcommands, for operators and for tests of other systems. Each returns the exit
// code: 0, or 1 with the reason on `err`. Secrets and tokens go through streams and files, never
// through the command line, which other users of the machine can read.
namespace payments::http {

// Reads a token from `in` and prints its payload, byte for byte, when it is valid now.
// `signature_only` checks neither dates nor the claims of a user or a service.
int token_verify(
    const std::string& keys_file, bool signature_only, Time now, std::istream& in,
    std::ostream& out, std::ostream& err
);
// Prints a token with the claims of a JSON object, signed with a private JWK.
int token_mint(
    const std::string& key_file, const std::string& claims, Time now, std::ostream& out,
    std::ostream& err
);
// Prints a new private JWK. `algorithm` is RS256, ES256, EdDSA or HS256.
int token_new_key(const std::string& algorithm, std::ostream& out, std::ostream& err);
// Prints the JWKS that verifies what a private JWK signs.
int token_public_keys(const std::string& key_file, std::ostream& out, std::ostream& err);

}  // namespace payments::http
