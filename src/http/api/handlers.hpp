#pragma once

#include <functional>
#include <optional>
#include <string>

#include "flow/flow_context.hpp"
#include "http/api/rate_limit.hpp"
#include "http/server/message.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"

namespace payments::http {

// What the handlers of one event loop work with.
struct ApiContext {
    FlowContext& world;
    Metrics& metrics;
    RateLimiter& starts_per_ticket;                   // shared by all loops
    std::function<Task<std::string>()> metrics_text;  // of the whole process

    ApiContext(
        FlowContext& w, Metrics& m, RateLimiter& per_ticket, std::function<Task<std::string>()> text
    )
        : world(w), metrics(m), starts_per_ticket(per_ticket), metrics_text(std::move(text)) {}
};

// A request that has passed everything its route asks for.
struct RequestContext {
    Request& request;         // its handler may take from it what it needs
    std::string traceparent;  // of our own span, to be passed on
    std::string caller;       // whose token it was, "" without one
    Privileges privileges;    // of that token
    json::object body;        // of a route that takes JSON

    explicit RequestContext(Request& r) : request(r) {}
};

// Read the request, call the story, write the reply; nothing else. `call` lives until its answer.
using Handler = Task<Result<Response>> (*)(ApiContext& services, RequestContext& call);

Task<Result<Response>> list_ticket_ids(ApiContext& services, RequestContext& call);
Task<Result<Response>> list_payment_options(ApiContext& services, RequestContext& call);
Task<Result<Response>> list_ticket_transactions(ApiContext& services, RequestContext& call);
Task<Result<Response>> post_start(ApiContext& services, RequestContext& call);
Task<Result<Response>> search_transactions(ApiContext& services, RequestContext& call);
Task<Result<Response>> list_reviews(ApiContext& services, RequestContext& call);
Task<Result<Response>> post_refund(ApiContext& services, RequestContext& call);
Task<Result<Response>> post_simplepay_backref(ApiContext& services, RequestContext& call);
Task<Result<Response>> post_simplepay_ipn(ApiContext& services, RequestContext& call);
Task<Result<Response>> post_stripe_webhook(ApiContext& services, RequestContext& call);
Task<Result<Response>> get_healthz(ApiContext& services, RequestContext& call);
Task<Result<Response>> get_readyz(ApiContext& services, RequestContext& call);
Task<Result<Response>> get_metrics(ApiContext& services, RequestContext& call);

}  // namespace payments::http
