#include "sandbox/sandbox.hpp"

#include <stdexcept>

namespace payments::sandbox {
namespace {

boost::asio::ip::tcp::endpoint read_address(const std::string& text) {
    const auto colon = text.rfind(':');
    boost::system::error_code wrong;
    const auto address = boost::asio::ip::make_address(text.substr(0, colon), wrong);
    const auto port = colon == text.npos ? "" : text.substr(colon + 1);
    const bool number = !port.empty() && port.size() <= 5 &&
                        port.find_first_not_of("0123456789") == port.npos &&
                        std::stoi(port) <= 65535;
    if (wrong || !number) throw std::runtime_error("not an address with a port: " + text);
    if (!address.is_loopback()) throw std::runtime_error("the sandbox listens on loopback only");
    return {address, static_cast<unsigned short>(std::stoi(port))};
}

std::string ipn_url(const std::string& payments_url) {
    return payments_url + "/payments/simplepay/ipn";
}

StripeKeys with_webhook(StripeKeys keys, const std::string& payments_url) {
    if (keys.webhook_url.empty()) keys.webhook_url = payments_url + "/payments/stripe/webhook";
    return keys;
}

}  // namespace

Sandbox::Sandbox(boost::asio::io_context& loop, SandboxSettings settings)
    : world_(loop, settings.seed, settings.speed),
      tokens_(
          settings.keys_directory.empty() ? ServiceTokens{}
                                          : read_service_tokens(settings.keys_directory)
      ),
      simplepay_(world_, read_address(settings.simplepay), ipn_url(settings.payments_url)),
      stripe_(
          world_, read_address(settings.stripe),
          with_webhook(settings.stripe_keys, settings.payments_url)
      ),
      tickets_(world_, read_address(settings.tickets), tokens_),
      shop_(
          world_, read_address(settings.shop), tickets_,
          {settings.payments_url, stripe_.url(), settings.stripe_keys.publishable}, tokens_
      ),
      bank_(world_, read_address(settings.bank)) {
    const auto pay_to_bank = [this](const Transfer& transfer) { bank_.book(transfer); };
    simplepay_.pay_to(pay_to_bank);
    stripe_.pay_to(pay_to_bank);
}

void Sandbox::start() {
    simplepay_.start();
    stripe_.start();
    tickets_.start();
    shop_.start();
    bank_.start();
}

boost::json::object Sandbox::addresses() const {
    return {
        {"simplepay", simplepay_.url()},
        {"stripe", stripe_.url()},
        {"tickets", tickets_.url()},
        {"shop", shop_.url()},
        {"bank", bank_.url()}};
}

void Sandbox::set_payments_url(const std::string& url) {
    simplepay_.set_ipn_url(ipn_url(url));
    stripe_.set_webhook_url(url + "/payments/stripe/webhook");
    shop_.set_payments_url(url);
}

}  // namespace payments::sandbox
