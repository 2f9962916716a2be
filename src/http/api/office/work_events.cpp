#include "flow/office/work_events.hpp"

#include "flow/office/retry_message.hpp"
#include "flow/office/sight.hpp"
#include "flow/office/test_event.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/requests.hpp"
#include "http/api/office/wire.hpp"
#include "http/api/office/work_requests.hpp"
#include "http/api/office/work_wire.hpp"
#include "support/event_body.hpp"

// What others are told, and what providers have told us (docs/worklist.md).
namespace payments::http {
namespace {

Task<Result<Response>> change_by_order(
    ApiContext& context, RequestContext& request, EventsOrder order
) {
    order.by = request.actor();
    const auto changed = co_await change_events(context.flow, request.privileges, std::move(order));
    co_return json_reply(json::object{{"changed", changed}});
}

}  // namespace

Task<Result<Response>> list_events(ApiContext& context, RequestContext& request) {
    auto query = read_events_query(request.body);
    if (!query) co_return query.error();
    query->sight = co_await sight_of(context.flow, request.privileges);
    const auto backlog = co_await context.flow.office->backlog_in(query->sight);
    const auto page = co_await context.flow.office->find_events(std::move(*query));
    json::array list;
    for (const auto& event : page.list) list.push_back(write_outgoing(event, event_body(event)));
    const bool has_next = !page.is_end && !page.list.empty();
    const auto next = has_next ? json::value(page.list.back().id().text()) : json::value(nullptr);
    co_return json_reply(json::object{
        {"events", std::move(list)},
        {"waiting", backlog.waiting},
        {"dead", backlog.dead},
        {"next", next},
    });
}

Task<Result<Response>> replay_events(ApiContext& context, RequestContext& request) {
    auto order = read_replay(request.body);
    if (!order) co_return order.error();
    co_return co_await change_by_order(context, request, std::move(*order));
}

Task<Result<Response>> skip_events(ApiContext& context, RequestContext& request) {
    auto order = read_skip(request.body);
    if (!order) co_return order.error();
    co_return co_await change_by_order(context, request, std::move(*order));
}

Task<Result<Response>> list_messages(ApiContext& context, RequestContext& request) {
    auto query = read_messages_query(request.body);
    if (!query) co_return query.error();
    // Those about tickets are found with their transactions by who does not see every ticket.
    if (!may_see_every_ticket(request.privileges)) query->is_unmatched_only = true;
    const auto page = co_await context.flow.office->find_messages(*query);
    json::array list;
    for (const auto& listed : page.list) list.push_back(write_listed_message(listed));
    const bool has_next = !page.is_end && !page.list.empty();
    const auto next = has_next ? json::value(std::to_string(page.list.back().message.number))
                               : json::value(nullptr);
    co_return json_reply(json::object{{"messages", std::move(list)}, {"next", next}});
}

Task<Result<Response>> post_retry(ApiContext& context, RequestContext& request) {
    const auto number = read_message_id(request.body);
    if (!number) co_return number.error();
    auto by = request.actor();
    const auto retried =
        co_await retry_message(context.flow, request.privileges, *number, std::move(by));
    if (!retried) co_return retried.error();
    const auto& id = retried->transaction_id;
    const auto reference = id ? "TR" + std::to_string(*id) : std::string{};
    co_return json_reply(json::object{
        {"matched", retried->is_matched},
        {"transaction_id", id ? json::value(*id) : json::value(nullptr)},
        {"reference", or_null(reference)},
        {"why_not", or_null(retried->why_not)},
    });
}

Task<Result<Response>> post_test_event(ApiContext& context, RequestContext& request) {
    const auto wait_s = context.resources.test_events_per_person.seconds_to_wait(
        request.caller, context.flow.clock.steady()
    );
    if (wait_s > 0)
        co_return Error{Errc::rate_limited, "you have sent too many test events just now"}
            .retry_after(wait_s);
    auto by = request.actor();
    const auto tested = co_await send_test_event(context.flow, std::move(by));
    if (!tested) co_return tested.error();
    co_return json_reply(json::object{
        {"event_id", tested->event_id},
        {"outcome", tested->attempt.delivered ? "delivered" : "failed"},
        {"error", or_null(tested->attempt.reason)},
        {"took_ms", tested->took.count()},
    });
}

}  // namespace payments::http
