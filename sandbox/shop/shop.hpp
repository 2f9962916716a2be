#pragma once

#include "sandbox/stand_in.hpp"
#include "sandbox/tickets/service_tokens.hpp"
#include "sandbox/tickets/tickets.hpp"

namespace payments::sandbox {

struct ShopSettings {
    std::string payments_url;
    std::string stripe_url;
    std::string stripe_publishable_key;
};

// The demo shop: its pages, and the JSON its pages need from the tickets and payment services. What
// a visitor's browser may ask of the payment service directly, it asks there.
class Shop : public StandIn {
public:
    Shop(
        SandboxContext& world, boost::asio::ip::tcp::endpoint at, const Tickets& tickets,
        ShopSettings settings, ServiceTokens tokens
    );

    void set_payments_url(std::string url) { settings_.payments_url = std::move(url); }

protected:
    std::string operation_of(const Request& request) const override;
    std::span<const KnownFaults> known_faults() const override;
    Task<Reply> serve(Request request, std::string operation, std::optional<Fault> fault) override;
    Task<std::optional<Reply>> control(Request request, boost::json::object body) override;
    void reset() override {}

private:
    Reply config() const;
    Reply list_tickets() const;
    Task<Reply> show_ticket(std::int64_t id);
    Task<Reply> show_transaction(std::int64_t id);
    Reply page(const Request& request) const;
    // Calls the payment service with a service token; the answer's body when it was 200.
    Task<Reply> ask(std::string path, boost::json::object body, boost::json::object privileges);

    const Tickets& tickets_;
    ShopSettings settings_;
    ServiceTokens tokens_;
};

}  // namespace payments::sandbox
