#pragma once

#include <map>

#include "sandbox/stand_in.hpp"
#include "sandbox/tickets/service_tokens.hpp"

namespace payments::sandbox {

// The platform's tickets service (docs/design.md, 5.1): POST /tickets/get as the payment service
// calls it, and GET, PUT, DELETE /tickets[/<id>] to look at and change its tickets.
class Tickets : public StandIn {
public:
    Tickets(SandboxContext& world, boost::asio::ip::tcp::endpoint at, ServiceTokens tokens);

    const std::map<std::int64_t, boost::json::object>& all() const { return tickets_; }

protected:
    std::string operation_of(const Request& request) const override;
    std::span<const KnownFaults> known_faults() const override;
    Task<Reply> serve(Request request, std::string operation, std::optional<Fault> fault) override;
    Task<std::optional<Reply>> control(Request request, boost::json::object body) override;
    void reset() override;

private:
    Reply get(const Request& request, const std::optional<Fault>& fault);
    Reply change(const Request& request);

    ServiceTokens tokens_;
    std::map<std::int64_t, boost::json::object> tickets_;
};

// Whether the privileges a token carries reach this ticket; without any of them it does.
bool in_scope(const boost::json::object& privileges, const boost::json::object& ticket);
// The tickets a fresh sandbox has.
std::map<std::int64_t, boost::json::object> demo_tickets(Time now);

}  // namespace payments::sandbox
