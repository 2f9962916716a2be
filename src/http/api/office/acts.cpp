#include "flow/office/act.hpp"
#include "flow/ticket_scope.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/requests.hpp"
#include "http/api/office/wire.hpp"
#include "http/api/once.hpp"

// What staff do about a payment: notes, and seeing whom it is of (docs/finding.md, 5).
namespace payments::http {
namespace {

Task<Result<Response>> note(ApiContext& context, NoteRequest request) {
    const auto added = co_await add_note(context.flow, std::move(request));
    if (!added) co_return added.error();
    co_return json_reply(write_note(*added));
}

}  // namespace

Task<Result<Response>> post_note(ApiContext& context, RequestContext& request) {
    auto order = read_note(request.body);
    if (!order) co_return order.error();
    auto key = idempotency_key(request.http);
    if (!key) co_return key.error();
    // Before the key is looked at, as for a refund: what lies outside answers nothing.
    const auto known = co_await find_transaction(
        context.flow, request.privileges, order->transaction_id, request.traceparent
    );
    if (!known) co_return known.error();
    // As for a start: before the key is claimed.
    const auto wait_s = context.resources.notes_per_person.seconds_to_wait(
        request.caller, context.flow.clock.steady()
    );
    if (wait_s > 0)
        co_return Error{Errc::rate_limited, "you have written too many notes just now"}.retry_after(
            wait_s
        );
    order->by = request.actor();
    // Stays with the note for good, where a stored answer is forgotten after a day.
    order->key = *key;
    // Named before it is awaited: g++ 12 takes a function's name inside co_await for an object.
    auto answer = once(context, request, "addNote", std::move(*key), std::move(*order), note);
    co_return co_await std::move(answer);
}

Task<Result<Response>> post_reveal(ApiContext& context, RequestContext& request) {
    auto order = read_reveal(request.body);
    if (!order) co_return order.error();
    const auto known = co_await find_transaction(
        context.flow, request.privileges, order->transaction_id, request.traceparent
    );
    if (!known) co_return known.error();
    order->by = request.actor();
    const auto recorded = co_await record_reveal(context.flow, std::move(*order));
    if (!recorded) co_return recorded.error();
    co_return json_reply(write_revealed(*known));
}

}  // namespace payments::http
