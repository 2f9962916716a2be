#include "main_tokens.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "http/auth/cli.hpp"
#include "support/clock.hpp"

namespace payments {

void add_token_commands(CLI::App& app, TokenOptions& options, std::function<int()>& action) {
    auto& token = *app.add_subcommand("token", "Verify and sign tokens (JWT), create keys");
    token.require_subcommand(1);
    const auto does = [&action](CLI::App& command, const std::function<int()>& what) {
        command.callback([&action, what] { action = what; });
    };

    auto& verify =
        *token.add_subcommand("verify", "Verify the token on standard input and print its claims");
    verify.add_option("--keys", options.keys_file, "File with the public keys, a JWKS")->required();
    verify.add_flag(
        "--signature-only", options.signature_only,
        "Verify the signature only, neither dates nor claims"
    );
    does(verify, [&options] {
        return http::token_verify(
            options.keys_file, options.signature_only, SystemClock{}.now(), std::cin, std::cout,
            std::cerr
        );
    });

    auto& mint = *token.add_subcommand("mint", "Sign claims and print the token");
    mint.add_option("--key", options.key_file, "File with the private key, a JWK")->required();
    mint.add_option("--claims", options.claims, "Claims, a JSON object")->required();
    does(mint, [&options] {
        return http::token_mint(
            options.key_file, options.claims, SystemClock{}.now(), std::cout, std::cerr
        );
    });

    auto& new_key = *token.add_subcommand("new-key", "Create a private key and print it as a JWK");
    new_key.add_option("--algorithm", options.algorithm, "RS256, ES256, EdDSA or HS256")
        ->capture_default_str();
    does(new_key, [&options] {
        return http::token_new_key(options.algorithm, std::cout, std::cerr);
    });

    auto& public_keys =
        *token.add_subcommand("public-keys", "Print the public half of a private key as a JWKS");
    public_keys.add_option("--key", options.key_file, "Private key, a JWK file")->required();
    does(public_keys, [&options] {
        return http::token_public_keys(options.key_file, std::cout, std::cerr);
    });
}

}  // namespace payments
