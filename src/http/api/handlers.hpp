#pragma once

#include <functional>
#include <memory>
#include <string>

#include "flow/console/handoff.hpp"
#include "flow/flow_context.hpp"
#include "flow/office/health.hpp"
#include "http/api/bulk_line.hpp"
#include "http/auth/verifier.hpp"
#include "http/console/sessions.hpp"
#include "http/server/message.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"

namespace payments::http {

struct ApiResources;
class Overload;

// What the handlers of one event loop work with; used on that loop's thread only.
struct ApiContext {
    ApiResources& resources;  // shared by all loops
    FlowContext& flow;
    Metrics& metrics;                                 // of this loop
    std::function<Task<std::string>()> metrics_text;  // of the whole process; may be empty
    SessionStore* sessions;                           // there when resources.console is
    IdentityProvider* provider;                       // there when staff sign in at one
    Handoff* handoff;                                 // there when the platform signs them in
    std::function<Task<HealthReport>()> health;       // of the installation; may be empty
    Overload* overload;                               // null where nothing is refused for load
    TokenVerifier tokens;
    BulkLine bulk{};

    ApiContext(
        ApiResources& r, FlowContext& f, Metrics& m, std::function<Task<std::string>()> text,
        SessionStore* s = nullptr, IdentityProvider* p = nullptr, Handoff* h = nullptr,
        std::function<Task<HealthReport>()> look = {}, Overload* o = nullptr
    );
};

// A request that has passed everything its route asks for.
struct RequestContext {
    Request& http;            // its handler may take from it what it needs
    std::string traceparent;  // of our own span, to be passed on
    std::string caller;       // whose token it was, "" without one
    std::string shown_name;   // theirs, to be shown; "" when it is not known
    Privileges privileges;    // of that token
    // That held the token, when the request came from a page of the console.
    std::unique_ptr<ActiveSession> session{};
    json::object body;  // of a route that takes JSON

    explicit RequestContext(Request& r) : http(r) {}
    // Whoever is said to have done what is asked for.
    Actor actor() const { return {caller, shown_name.empty() ? caller : shown_name}; }
};

// 200 with a JSON body.
Response json_reply(const json::value& body);

// Of what moves money. Errc::sign_in_again when the session's user signed in too long ago; a token
// is not asked, for whoever holds one has no page to sign in at.
Result<void> check_may_move_money(const ApiContext& context, const RequestContext& request);

// Reads the request, calls the flow, writes the reply; nothing else. One for each operation of
// docs/design.md, 2.1. The error is one that problem.hpp maps to a status: what the request's
// members, the flow (see its header) or an Idempotency-Key cause. Throws StoreDown; Api answers it.
// Both arguments live until the task is done.
using Handler = Task<Result<Response>> (*)(ApiContext& context, RequestContext& request);

Task<Result<Response>> list_ticket_ids(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_payment_options(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_ticket_transactions(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_start(ApiContext& context, RequestContext& request);
Task<Result<Response>> search_transactions(ApiContext& context, RequestContext& request);
Task<Result<Response>> find_transactions(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_sums(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_export(ApiContext& context, RequestContext& request);
Task<Result<Response>> get_transaction(ApiContext& context, RequestContext& request);
Task<Result<Response>> read_message(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_ask(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_note(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_reveal(ApiContext& context, RequestContext& request);
Task<Result<Response>> export_person(ApiContext& context, RequestContext& request);
Task<Result<Response>> erase_person(ApiContext& context, RequestContext& request);
Task<Result<Response>> note_ticket_scopes(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_reviews(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_review(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_actions(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_events(ApiContext& context, RequestContext& request);
Task<Result<Response>> replay_events(ApiContext& context, RequestContext& request);
Task<Result<Response>> skip_events(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_messages(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_retry(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_test_event(ApiContext& context, RequestContext& request);
Task<Result<Response>> get_health(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_refund(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_refund_plan(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_refund_run(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_refund_runs(ApiContext& context, RequestContext& request);
Task<Result<Response>> get_refund_run(ApiContext& context, RequestContext& request);
Task<Result<Response>> steer_refund_run(ApiContext& context, RequestContext& request);
Task<Result<Response>> import_settlement(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_settlement_files(ApiContext& context, RequestContext& request);
Task<Result<Response>> get_settlement_report(ApiContext& context, RequestContext& request);
Task<Result<Response>> get_month_close(ApiContext& context, RequestContext& request);
Task<Result<Response>> close_month(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_findings(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_settlement_events(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_payouts(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_payout_lines(ApiContext& context, RequestContext& request);
Task<Result<Response>> accept_finding(ApiContext& context, RequestContext& request);
Task<Result<Response>> reopen_finding(ApiContext& context, RequestContext& request);
Task<Result<Response>> export_books(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_close(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_simplepay_backref(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_simplepay_ipn(ApiContext& context, RequestContext& request);
Task<Result<Response>> post_stripe_webhook(ApiContext& context, RequestContext& request);
Response healthz();
Task<Result<Response>> get_readyz(ApiContext& context, RequestContext& request);
Task<Result<Response>> get_metrics(ApiContext& context, RequestContext& request);
Task<Result<Response>> get_session(ApiContext& context, RequestContext& request);
Task<Result<Response>> sign_in_with_token(ApiContext& context, RequestContext& request);
Task<Result<Response>> sign_in(ApiContext& context, RequestContext& request);
Task<Result<Response>> finish_sign_in(ApiContext& context, RequestContext& request);
Task<Result<Response>> backchannel_logout(ApiContext& context, RequestContext& request);
Task<Result<Response>> receive_handoff(ApiContext& context, RequestContext& request);
Task<Result<Response>> get_handoff(ApiContext& context, RequestContext& request);
Task<Result<Response>> accept_handoff(ApiContext& context, RequestContext& request);
Task<Result<Response>> sign_out(ApiContext& context, RequestContext& request);
Task<Result<Response>> list_sessions(ApiContext& context, RequestContext& request);
Task<Result<Response>> end_sessions(ApiContext& context, RequestContext& request);

}  // namespace payments::http
