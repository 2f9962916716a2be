// ozora-sandbox: the outside world of a payment service, on one machine. For development and tests.
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_future.hpp>
#include <iostream>

#include "sandbox/demo/demo.hpp"
#include "sandbox/demo/visitor.hpp"
#include "sandbox/sandbox.hpp"
#include "support/json.hpp"

namespace {

using payments::sandbox::pay_through_each;
using payments::sandbox::Places;
using payments::sandbox::Sandbox;
using payments::sandbox::SandboxSettings;

int serve(const SandboxSettings& settings) {
    boost::asio::io_context loop{1};
    Sandbox sandbox{loop, settings};
    sandbox.start();
    std::cout << payments::json::write(sandbox.addresses()) << std::endl;
    boost::asio::signal_set signals{loop, SIGINT, SIGTERM};
    signals.async_wait([&](const boost::system::error_code&, int) { loop.stop(); });
    loop.run();
    return 0;
}

int pay(const Places& places) {
    boost::asio::io_context loop{1};
    auto paid = boost::asio::co_spawn(loop, pay_through_each(places), boost::asio::use_future);
    loop.run();
    for (const auto& transaction : paid.get())
        std::cout << payments::json::write(transaction) << "\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Stand-ins for SimplePay, Stripe and the tickets service, and a demo shop"};
    app.require_subcommand(1);

    SandboxSettings settings;
    settings.seed = static_cast<std::uint64_t>(
        std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds{1}
    );
    auto* serving = app.add_subcommand("serve", "Listen until interrupted");
    serving->add_option("--simplepay", settings.simplepay, "Address of the SimplePay stand-in");
    serving->add_option("--stripe", settings.stripe, "Address of the Stripe stand-in");
    serving->add_option("--tickets", settings.tickets, "Address of the tickets service");
    serving->add_option("--shop", settings.shop, "Address of the demo shop");
    serving->add_option("--bank", settings.bank, "Address of the merchant's bank");
    serving->add_option("--payments-url", settings.payments_url, "The payment service");
    serving->add_option("--keys", settings.keys_directory, "Directory with the platform's keys");
    serving->add_option("--stripe-secret-key", settings.stripe_keys.secret, "sk_test_...");
    serving->add_option(
        "--stripe-restricted-key", settings.stripe_keys.restricted,
        "rk_test_..., which reads payouts and the balance"
    );
    serving->add_option(
        "--stripe-webhook-secret", settings.stripe_keys.webhook_secrets,
        "whsec_..., once for each secret that signs"
    );
    serving->add_option("--seed", settings.seed, "For salts, ids and tokens; default: the time");
    serving->add_option("--speed", settings.speed, "How much faster the sandbox's clock runs")
        ->check(CLI::NonNegativeNumber);

    std::string directory;
    auto* keys = app.add_subcommand("keys", "Make the platform's keys where they are missing");
    keys->add_option("directory", directory, "Where to")->required();

    payments::sandbox::DemoSettings demo;
    auto* showing = app.add_subcommand("demo", "Run the payment service with all of them");
    showing->add_option("--service", demo.service, "The program ozora-payments")->required();
    showing->add_option("--directory", demo.directory, "Keep database, keys and log here");
    showing->add_flag("--check", demo.is_check, "Pay a ticket through each processor and end");

    payments::sandbox::Places places;
    auto* paying = app.add_subcommand("pay", "Pay a ticket through each processor, as visitors do");
    paying->add_option("--payments-url", places.payments, "The payment service")->required();
    paying->add_option("--shop-url", places.shop, "The demo shop")->required();
    paying->add_option("--stripe-url", places.stripe, "The Stripe stand-in")->required();

    CLI11_PARSE(app, argc, argv);
    try {
        if (showing->parsed()) return payments::sandbox::run_demo(demo);
        if (paying->parsed()) return pay(places);
        if (!keys->parsed()) return serve(settings);
        payments::sandbox::make_keys(directory);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "ozora-sandbox: " << error.what() << "\n";
        return 1;
    }
}
