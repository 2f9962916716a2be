#include "http/api/handlers.hpp"

#include "flow/close_payment.hpp"
#include "flow/offer_options.hpp"
#include "flow/receive_notification.hpp"
#include "flow/refund_payment.hpp"
#include "flow/return_from_simplepay.hpp"
#include "flow/start_payment.hpp"
#include "flow/ticket_scope.hpp"
#include "http/api/once.hpp"
#include "http/api/wire.hpp"
#include "payment/runs/refund_runs.hpp"
#include "support/log.hpp"

namespace payments::http {
namespace {

constexpr auto json_type = "application/json";

// Whoever looks from a page of the console needs a privilege for personal data (docs/finding.md,
// 4); who calls with a token is told what the contract has always told.
Metas metas_for(const RequestContext& request) {
    return request.session && !may_reveal(request.privileges) ? Metas::masked : Metas::whole;
}

json::array write_all(const std::vector<Transaction>& transactions, Metas how) {
    json::array list;
    list.reserve(transactions.size());
    for (const auto& transaction : transactions) list.push_back(write(transaction, how));
    return list;
}

Task<Result<Response>> receive(
    ApiContext& context, Processor from, Task<Result<Received>> receiving
) {
    auto received = co_await std::move(receiving);
    if (!received)
        context.metrics.notification(from, NoticeResult::refused);
    else if (!received->matched)
        context.metrics.notification(from, NoticeResult::unmatched);
    else if (!received->news)
        context.metrics.notification(from, NoticeResult::known);
    else
        context.metrics.notification(from, NoticeResult::matched);
    if (!received) co_return received.error();
    auto& [body, signature] = received->acknowledgement;
    Response response{200, json_type, std::move(body)};
    if (!signature.empty()) response.headers.emplace_back("Signature", std::move(signature));
    co_return response;
}

Task<Result<Response>> receive(
    ApiContext& context, Processor from, RequestContext& request, std::string_view signature
) {
    return receive(
        context, from,
        receive_notification(
            context.flow, from, header_or_empty(request.http, signature),
            std::move(request.http.body)
        )
    );
}

// The start itself, as an answer that can be stored for an Idempotency-Key.
Task<Result<Response>> start(ApiContext& context, StartRequest request) {
    const auto reply = co_await start_payment(context.flow, std::move(request));
    if (!reply) co_return reply.error();
    co_return json_reply(write(*reply));
}

Task<Result<Response>> refund(ApiContext& context, RefundRequest request) {
    const auto given = co_await refund_payment(context.flow, std::move(request));
    if (!given) co_return given.error();
    co_return json_reply(write(*given));
}

}  // namespace

Response json_reply(const json::value& body) { return {200, json_type, json::write(body)}; }

ApiContext::ApiContext(
    ApiResources& r, FlowContext& f, Metrics& m, std::function<Task<std::string>()> text,
    SessionStore* s, IdentityProvider* p, Handoff* h, std::function<Task<HealthReport>()> look,
    Overload* o
)
    : resources(r),
      flow(f),
      metrics(m),
      metrics_text(std::move(text)),
      sessions(s),
      provider(p),
      handoff(h),
      health(std::move(look)),
      overload(o),
      tokens(r.user_keys, r.user_rules, r.service_keys, r.service_rules) {}

Task<Result<Response>> list_payment_options(ApiContext& context, RequestContext& request) {
    auto ticket = read_ticket(request.body);
    if (!ticket) co_return ticket.error();
    json::array options;
    for (const auto& offer : co_await offer_options(context.flow, std::move(*ticket)))
        options.push_back(write(offer));
    co_return json_reply(json::object{{"payment_options", std::move(options)}});
}

Task<Result<Response>> list_ticket_transactions(ApiContext& context, RequestContext& request) {
    const auto ticket_id = read_ticket_id(request.body);
    if (!ticket_id) co_return ticket_id.error();
    const auto transactions = co_await list_transactions(
        context.flow, request.privileges, *ticket_id, request.traceparent
    );
    if (!transactions) co_return transactions.error();
    co_return json_reply(json::object{
        {"transactions", write_all(*transactions, metas_for(request))}});
}

Task<Result<Response>> post_start(ApiContext& context, RequestContext& request) {
    auto order = read_start(request.body);
    if (!order) co_return order.error();
    auto key = idempotency_key(request.http);
    if (!key) co_return key.error();

    // After the form of the key and before the key is claimed: a start that is refused here must
    // not occupy its key (docs/design.md, 2.8).
    const auto wait_s = context.resources.starts_per_ticket.seconds_to_wait(
        std::to_string(order->ticket_id), context.flow.clock.steady()
    );
    if (wait_s > 0)
        co_return Error{Errc::rate_limited, "too many payments are started for this ticket"}
            .retry_after(wait_s);
    order->traceparent = request.traceparent;
    // Named before it is awaited: g++ 12 takes a function's name inside co_await for an object.
    auto answer = once(context, request, "startPayment", std::move(*key), std::move(*order), start);
    co_return co_await std::move(answer);
}

Result<void> check_may_move_money(const ApiContext& context, const RequestContext& request) {
    if (!request.session) return {};
    return check_signed_in_lately(
        *context.resources.console, request.session->tokens, context.flow.clock.now()
    );
}

Task<Result<Response>> post_refund(ApiContext& context, RequestContext& request) {
    if (const auto may = check_may_move_money(context, request); !may) co_return may.error();
    auto order = read_refund(request.body);
    if (!order) co_return order.error();
    auto key = idempotency_key(request.http);
    if (!key) co_return key.error();
    // It would be taken for what a run has asked for.
    if (is_key_of_run(*key))
        co_return Error{
            Errc::invalid_request, "an Idempotency-Key such as run-7-TR123 is for refund runs"};
    // Before the key is looked at: who may not see the payment must neither hear the answer that
    // somebody else was given under it, nor occupy it.
    const auto known = co_await find_transaction(
        context.flow, request.privileges, order->transaction_id, request.traceparent
    );
    if (!known) co_return known.error();
    order->by = request.caller;
    order->person = request.actor();
    // Stays with the refund for good, where a stored answer is forgotten after a day: however late
    // it is repeated, it is one refund (docs/design.md, 3.9).
    order->key = *key;
    // Named before it is awaited: g++ 12 takes a function's name inside co_await for an object.
    auto answer =
        once(context, request, "refundPayment", std::move(*key), std::move(*order), refund);
    co_return co_await std::move(answer);
}

Task<Result<Response>> post_close(ApiContext& context, RequestContext& request) {
    auto order = read_close(request.body);
    if (!order) co_return order.error();
    const auto known = co_await find_transaction(
        context.flow, request.privileges, order->transaction_id, request.traceparent
    );
    if (!known) co_return known.error();
    order->details.by = request.caller;
    order->person = request.actor();
    const auto closed = co_await close_payment(context.flow, std::move(*order));
    if (!closed) co_return closed.error();
    co_return json_reply(write(*closed, metas_for(request)));
}

Task<Result<Response>> search_transactions(ApiContext& context, RequestContext& request) {
    // No page calls it, for it knows no scope: the pages find payments with findTransactions.
    if (request.session)
        co_return Error{Errc::forbidden, "a session finds payments with findTransactions"};
    const auto term = read_search_term(request.body);
    if (!term) co_return term.error();
    json::array found;
    if (const auto transaction = co_await context.flow.store.transaction(*term))
        found.push_back(write(*transaction, metas_for(request)));
    co_return json_reply(json::object{{"transactions", std::move(found)}});
}

Task<Result<Response>> post_simplepay_backref(ApiContext& context, RequestContext& request) {
    auto address = read_return_address(request.body);
    if (!address) co_return address.error();
    const auto returned =
        co_await return_from_simplepay(context.flow, std::move(address->r), std::move(address->s));
    if (!returned) co_return returned.error();
    co_return json_reply(write(*returned));
}

Task<Result<Response>> post_simplepay_ipn(ApiContext& context, RequestContext& request) {
    return receive(context, Processor::simplepay, request, "signature");
}

Task<Result<Response>> post_stripe_webhook(ApiContext& context, RequestContext& request) {
    return receive(context, Processor::stripe, request, "stripe-signature");
}

// Asks nobody: a process that answers is alive. To restart it for its database would not help.
Response healthz() {
    Response alive{200, json_type, ""};
    alive.static_body = R"({"status":"alive"})";
    return alive;
}

namespace {

// /readyz is public, so it tells why but not where: "database postgresql://db1/payments: it only
// reads" names a host.
std::string cause_of(const StoreDown& down) {
    const std::string text = down.what();
    const auto place = text.find(": ");
    return place == std::string::npos ? text : text.substr(place + 2);
}

}  // namespace

Task<Result<Response>> get_readyz(ApiContext& context, RequestContext& request) {
    try {
        co_await context.flow.store.check_ready();
    } catch (const StoreDown& down) {
        log::warning("not ready", "request_id", request.http.id, "reason", down.what());
        co_return Error{Errc::storage_unavailable, cause_of(down)}.retry_after(5);
    }
    co_return Response{200, json_type, R"({"status":"ready"})"};
}

Task<Result<Response>> get_metrics(ApiContext& context, RequestContext&) {
    co_return Response{
        200, "text/plain; version=0.0.4; charset=utf-8", co_await context.metrics_text()};
}

}  // namespace payments::http
