#pragma once

#include <functional>
#include <optional>
#include <string>

#include "flow/world.hpp"
#include "http/api/rate_limit.hpp"
#include "http/server/message.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"

namespace payments::http {

// What the handlers of one event loop work with.
struct Services {
    World& world;
    Metrics& metrics;
    RateLimiter& starts_per_ticket;                   // shared by all loops
    std::function<Task<std::string>()> metrics_text;  // of the whole process

    Services(World& w, Metrics& m, RateLimiter& per_ticket, std::function<Task<std::string>()> text)
        : world(w), metrics(m), starts_per_ticket(per_ticket), metrics_text(std::move(text)) {}
};

// A request that has passed everything its route asks for.
struct Call {
    Request& request;         // its handler may take from it what it needs
    std::string traceparent;  // of our own span, to be passed on
    std::string caller;       // whose token it was, "" without one
    Privileges privileges;    // of that token
    json::object body;        // of a route that takes JSON

    explicit Call(Request& r) : request(r) {}
};

// Read the request, call the story, write the reply; nothing else. `call` lives until its answer.
using Handler = Task<Result<Response>> (*)(Services& services, Call& call);

Task<Result<Response>> list_ticket_ids(Services& services, Call& call);
Task<Result<Response>> list_payment_options(Services& services, Call& call);
Task<Result<Response>> list_ticket_transactions(Services& services, Call& call);
Task<Result<Response>> post_start(Services& services, Call& call);
Task<Result<Response>> search_transactions(Services& services, Call& call);
Task<Result<Response>> list_reviews(Services& services, Call& call);
Task<Result<Response>> post_refund(Services& services, Call& call);
Task<Result<Response>> post_simplepay_backref(Services& services, Call& call);
Task<Result<Response>> post_simplepay_ipn(Services& services, Call& call);
Task<Result<Response>> post_stripe_webhook(Services& services, Call& call);
Task<Result<Response>> get_healthz(Services& services, Call& call);
Task<Result<Response>> get_readyz(Services& services, Call& call);
Task<Result<Response>> get_metrics(Services& services, Call& call);

}  // namespace payments::http
