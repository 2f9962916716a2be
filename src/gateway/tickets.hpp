#pragma once

#include <functional>
#include <map>

#include "flow/ports.hpp"
#include "gateway/https_client.hpp"
#include "gateway/tickets_reading.hpp"

namespace payments::gateway {

struct TicketsSettings {
    std::string url;  // the part before /tickets/get
    std::chrono::milliseconds timeout{2'000};
    int failures_max = 5;                   // in a row; then calls fail at once
    std::chrono::milliseconds rest{5'000};  // for so long; then one call is let through
};

// The tickets service over HTTP (docs/design.md, 5.1). One for each event loop, to be used on its
// thread. When it fails often, calls fail at once for a while (a circuit breaker): waiting for it
// would hold up every visitor.
class TicketService : public Tickets {
public:
    // Makes a bearer token, valid for two minutes at least, for a call on behalf of a user with
    // these privileges, or (null) for the service itself. May throw std::runtime_error (OpenSSL).
    using Mint = std::function<std::string(const Privileges*)>;

    // Throws std::invalid_argument when the URL is not https (or http on loopback).
    TicketService(HttpsClient& client, const Clock& clock, TicketsSettings settings, Mint mint);

    Task<Result<Ticket>> get(
        std::int64_t ticket_id, std::optional<Privileges> on_behalf_of, std::string traceparent
    ) override;

private:
    struct KeptToken {
        std::string text;
        Time minted_at;
    };
    const std::string& token(const std::optional<Privileges>& on_behalf_of);
    Task<HttpsResponse> call(HttpsRequest request);
    class Outcome;  // of one call, noted when it ends
    bool may_call();
    void note(bool worked);

    HttpsClient& client_;
    const Clock& clock_;
    TicketsSettings settings_;
    Mint mint_;
    std::map<std::optional<Privileges>, KeptToken> tokens_;
    Origin origin_;
    int failures_ = 0;                         // in a row
    std::chrono::milliseconds rests_until_{};  // on the steady clock; calls fail at once until
                                               // then, while failures_ is at its limit
    bool probing_ = false;  // one call is on its way to see whether the service is back
};

}  // namespace payments::gateway
