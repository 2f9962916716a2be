#include "http/api/handlers.hpp"

#include "flow/list_transactions.hpp"
#include "flow/offer_options.hpp"
#include "flow/receive_notification.hpp"
#include "flow/refund_payment.hpp"
#include "flow/return_from_simplepay.hpp"
#include "flow/start_payment.hpp"
#include "http/api/idempotency.hpp"
#include "http/api/wire.hpp"

namespace payments::http {
namespace {

constexpr auto json_type = "application/json";

Response ok(const json::value& body) { return {200, json_type, json::write(body)}; }

json::array write_all(const std::vector<Transaction>& transactions) {
    json::array list;
    list.reserve(transactions.size());
    for (const auto& transaction : transactions) list.push_back(write(transaction));
    return list;
}

Task<Result<Received>> receive(
    ApiContext& services, Processor from, std::string signature, std::string body
) {
    auto received =
        co_await receive_notification(services.world, from, std::move(signature), std::move(body));
    if (!received)
        services.metrics.notification(from, NoticeResult::refused);
    else if (!received->matched)
        services.metrics.notification(from, NoticeResult::unmatched);
    else if (!received->news)
        services.metrics.notification(from, NoticeResult::known);
    else
        services.metrics.notification(from, NoticeResult::matched);
    co_return received;
}

// The start itself, as an answer that can be kept for an Idempotency-Key.
Task<Result<Response>> start(ApiContext& services, StartRequest request) {
    const auto reply = co_await start_payment(services.world, std::move(request));
    if (!reply) co_return reply.error();
    co_return ok(write(*reply));
}

Task<Result<Response>> refund(ApiContext& services, RefundRequest request) {
    const auto given = co_await refund_payment(services.world, std::move(request));
    if (!given) co_return given.error();
    co_return ok(write(*given));
}

// A call under an Idempotency-Key: `run` is called unless it has been answered before.
template <class Request>
Task<Result<Response>> once(
    ApiContext& services, RequestContext& call, std::string_view operation, std::string key,
    Request request, Task<Result<Response>> (*run)(ApiContext&, Request)
) {
    if (key.empty()) co_return co_await run(services, std::move(request));
    auto& world = services.world;
    KeyedCall keyed{world.store, std::string{operation}, std::move(key), call.body};
    auto earlier = co_await keyed.earlier_answer(world.clock.now());
    if (!earlier) co_return earlier.error();
    if (*earlier) co_return std::move(**earlier);
    co_return co_await keyed.keep(run(services, std::move(request)), call.request.id);
}

}  // namespace

Task<Result<Response>> list_payment_options(ApiContext& services, RequestContext& call) {
    auto ticket = read_ticket(call.body);
    if (!ticket) co_return ticket.error();
    json::array options;
    for (const auto& offer : co_await offer_options(services.world, std::move(*ticket)))
        options.push_back(write(offer));
    co_return ok(json::object{{"payment_options", std::move(options)}});
}

Task<Result<Response>> list_ticket_transactions(ApiContext& services, RequestContext& call) {
    const auto ticket_id = read_ticket_id(call.body);
    if (!ticket_id) co_return ticket_id.error();
    const auto transactions =
        co_await list_transactions(services.world, call.privileges, *ticket_id, call.traceparent);
    if (!transactions) co_return transactions.error();
    co_return ok(json::object{{"transactions", write_all(*transactions)}});
}

Task<Result<Response>> post_start(ApiContext& services, RequestContext& call) {
    auto request = read_start(call.body);
    if (!request) co_return request.error();
    auto key = idempotency_key(call.request);
    if (!key) co_return key.error();

    const auto wait_s = services.starts_per_ticket.seconds_to_wait(
        std::to_string(request->ticket_id), services.world.clock.steady()
    );
    if (wait_s > 0)
        co_return Error{Errc::rate_limited, "too many payments are started for this ticket"}
            .retry_after(wait_s);
    request->traceparent = call.traceparent;
    co_return co_await once(
        services, call, "startPayment", std::move(*key), std::move(*request), start
    );
}

Task<Result<Response>> post_refund(ApiContext& services, RequestContext& call) {
    auto request = read_refund(call.body);
    if (!request) co_return request.error();
    auto key = idempotency_key(call.request);
    if (!key) co_return key.error();
    request->by = call.caller;
    request->key = *key;
    co_return co_await once(
        services, call, "refundPayment", std::move(*key), std::move(*request), refund
    );
}

Task<Result<Response>> search_transactions(ApiContext& services, RequestContext& call) {
    const auto term = read_search_term(call.body);
    if (!term) co_return term.error();
    json::array found;
    if (const auto transaction = co_await services.world.store.transaction(*term))
        found.push_back(write(*transaction));
    co_return ok(json::object{{"transactions", std::move(found)}});
}

Task<Result<Response>> post_simplepay_backref(ApiContext& services, RequestContext& call) {
    auto address = read_return_address(call.body);
    if (!address) co_return address.error();
    const auto returned = co_await return_from_simplepay(
        services.world, std::move(address->r), std::move(address->s)
    );
    if (!returned) co_return returned.error();
    co_return ok(write(*returned));
}

Task<Result<Response>> post_simplepay_ipn(ApiContext& services, RequestContext& call) {
    auto received = co_await receive(
        services, Processor::simplepay, header_or_empty(call.request, "signature"),
        std::move(call.request.body)
    );
    if (!received) co_return received.error();
    Response response{200, json_type, std::move(received->acknowledgement.body)};
    response.headers.emplace_back("Signature", std::move(received->acknowledgement.signature));
    co_return response;
}

Task<Result<Response>> post_stripe_webhook(ApiContext& services, RequestContext& call) {
    auto received = co_await receive(
        services, Processor::stripe, header_or_empty(call.request, "stripe-signature"),
        std::move(call.request.body)
    );
    if (!received) co_return received.error();
    co_return Response{200, json_type, std::move(received->acknowledgement.body)};
}

Task<Result<Response>> get_healthz(ApiContext&, RequestContext&) {
    co_return Response{200, json_type, R"({"status":"alive"})"};
}

namespace {

// Why, but not where: "database postgresql://db1/payments: it only reads" names a host.
std::string cause_of(const StoreDown& down) {
    const std::string text = down.what();
    const auto place = text.find(": ");
    return place == std::string::npos ? text : text.substr(place + 2);
}

}  // namespace

Task<Result<Response>> get_readyz(ApiContext& services, RequestContext&) {
    try {
        co_await services.world.store.check_ready();
    } catch (const StoreDown& down) {
        co_return Error{Errc::storage_unavailable, cause_of(down)}.retry_after(5);
    }
    co_return Response{200, json_type, R"({"status":"ready"})"};
}

Task<Result<Response>> get_metrics(ApiContext& services, RequestContext&) {
    co_return Response{
        200, "text/plain; version=0.0.4; charset=utf-8", co_await services.metrics_text()};
}

}  // namespace payments::http
