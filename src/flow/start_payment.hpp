#pragma once

#include <string>

#include "flow/world.hpp"

namespace payments {

struct StartRequest {
    std::int64_t ticket_id = 0;
    std::string code;
    Payer payer;        // from the caller's metas; empty members are taken from the ticket
    std::string metas;  // the caller's billing data, a JSON object
    std::string traceparent;
};

// What the visitor's browser does next: go to `redirect_url`, or confirm with `client_secret`.
struct StartReply {
    std::int64_t transaction_id = 0;
    bool required_additional_action = true;
    std::string redirect_url;   // "" when not used
    std::string client_secret;  // "" when not used
};

// Opens an attempt to pay and asks the provider. The attempt is on record before the provider
// hears of it, the amount comes from what is on offer now, and at most one attempt per ticket and
// fee can be paid: a living one is handed out again (Stripe), closed at the provider first, or
// stands in the way (Errc::payment_in_progress).
Task<Result<StartReply>> start_payment(World& world, StartRequest request);

}  // namespace payments
