#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "sandbox/bank/bank.hpp"
#include "sandbox/shop/shop.hpp"
#include "sandbox/simplepay/simplepay.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "sandbox/tickets/tickets.hpp"

namespace payments::sandbox {

struct SandboxSettings {
    std::string simplepay = "127.0.0.1:0", stripe = "127.0.0.1:0", tickets = "127.0.0.1:0",
                shop = "127.0.0.1:0", bank = "127.0.0.1:0";
    std::string payments_url = "http://127.0.0.1:8080";
    std::string keys_directory;  // "" for no tokens
    StripeKeys stripe_keys;
    std::uint64_t seed = 1;
    double speed = 1;
};

// All stand-ins on one event loop, which the caller runs. Throws std::runtime_error when an address
// is malformed, not loopback or taken, or a key file is unreadable.
class Sandbox {
public:
    Sandbox(boost::asio::io_context& loop, SandboxSettings settings);

    void start();
    // {"simplepay":"http://127.0.0.1:8101", ...}
    boost::json::object addresses() const;
    // Where notifications and the shop's calls go from now on.
    void set_payments_url(const std::string& url);

private:
    SandboxContext world_;
    ServiceTokens tokens_;
    SimplePay simplepay_;
    Stripe stripe_;
    Tickets tickets_;
    Shop shop_;
    Bank bank_;
};

}  // namespace payments::sandbox
