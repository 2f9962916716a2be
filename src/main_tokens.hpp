#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

// The part of the command line that is about tokens.
namespace payments {

struct TokenOptions {
    bool signature_only = false;
    std::string keys_file, key_file, claims;
    std::string algorithm = "ES256";
};

// The command that was chosen puts what is to be done into `action`. Callbacks hold references to
// it and to `options` until it has run.
void add_token_commands(CLI::App& app, TokenOptions& options, std::function<int()>& action);

}  // namespace payments
