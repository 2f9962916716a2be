#include "flow/office/sight.hpp"
#include "flow/runs/plan_refunds.hpp"
#include "flow/runs/steer_run.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/run_requests.hpp"
#include "http/api/office/run_wire.hpp"
#include "http/api/once.hpp"
#include "support/crypto.hpp"

// Giving back many payments at once (docs/refund_runs.md).
namespace payments::http {
namespace {

std::string digest_of(const RefundPlan& plan) { return crypto::hex(crypto::sha256(text_of(plan))); }

Response run_reply(const ApiContext& context, const RunWithTallies& run, std::string_view sub) {
    return json_reply(write_run(run, context.flow.rules.refund_run_pace, sub));
}

// Of a plan that was started already it gives that run, as long as this is not over.
Task<Result<Response>> start(ApiContext& context, RunOrder order) {
    auto& flow = context.flow;
    const auto sub = order.by.sub;
    auto sight = co_await sight_of(flow, order.caller);
    const auto known = co_await flow.runs->open_run(order.digest, sight);
    if (known) co_return run_reply(context, *known, sub);
    auto plan = co_await plan_refunds(flow, order.caller, order.choice);
    if (!plan) co_return plan.error();
    if (digest_of(*plan) != order.digest)
        co_return Error{
            Errc::plan_changed, "what would be given back is not what was read; plan anew"};
    const auto started = co_await start_run(flow, std::move(order), std::move(*plan));
    if (!started) co_return started.error();
    const auto run = co_await flow.runs->run(started->id, std::move(sight));
    if (!run) co_return unknown_run(started->id);
    co_return run_reply(context, *run, sub);
}

bool moves_money(Steering steering) {
    return steering == Steering::release || steering == Steering::go_on ||
           steering == Steering::again;
}

}  // namespace

Task<Result<Response>> post_refund_plan(ApiContext& context, RequestContext& request) {
    auto choice = read_refund_choice(request.body, context.resources.zone);
    if (!choice) co_return choice.error();
    const auto plan = co_await plan_refunds(context.flow, request.privileges, std::move(*choice));
    if (!plan) co_return plan.error();
    const auto& rules = context.flow.rules;
    co_return json_reply(
        write_plan(*plan, digest_of(*plan), rules.refund_run_pace, rules.releases_refund_runs)
    );
}

Task<Result<Response>> post_refund_run(ApiContext& context, RequestContext& request) {
    if (const auto may = check_may_move_money(context, request); !may) co_return may.error();
    auto order = read_run_order(request.body, context.resources.zone);
    if (!order) co_return order.error();
    auto key = idempotency_key(request.http);
    if (!key) co_return key.error();
    order->by = request.actor();
    order->caller = request.privileges;
    // Each person's keys are their own: nobody hears the answer that somebody else was given, who
    // may see other payments.
    if (!key->empty()) *key += " " + request.caller;
    auto answer =
        once(context, request, "startRefundRun", std::move(*key), std::move(*order), start);
    co_return co_await std::move(answer);
}

Task<Result<Response>> list_refund_runs(ApiContext& context, RequestContext& request) {
    auto query = read_runs_query(request.body);
    if (!query) co_return query.error();
    query->sight = co_await sight_of(context.flow, request.privileges);
    const auto page = co_await context.flow.runs->runs(std::move(*query));
    json::array list;
    for (const auto& run : page.list)
        list.push_back(write_run(run, context.flow.rules.refund_run_pace, request.caller));
    const auto next = page.is_end ? json::value(nullptr) : json::value(page.list.back().run.id);
    co_return json_reply(json::object{{"runs", std::move(list)}, {"next", next}});
}

Task<Result<Response>> get_refund_run(ApiContext& context, RequestContext& request) {
    const auto query = read_items_query(request.body);
    if (!query) co_return query.error();
    auto sight = co_await sight_of(context.flow, request.privileges);
    const auto run = co_await context.flow.runs->run(query->run_id, std::move(sight));
    if (!run) co_return unknown_run(query->run_id);
    const auto page = co_await context.flow.runs->run_items(*query);
    json::array items;
    for (const auto& item : page.list) items.push_back(write_item(item));
    const auto next =
        page.is_end ? json::value(nullptr) : json::value(page.list.back().item.transaction_id);
    co_return json_reply(json::object{
        {"run", write_run(*run, context.flow.rules.refund_run_pace, request.caller)},
        {"items", std::move(items)},
        {"next", next},
    });
}

Task<Result<Response>> steer_refund_run(ApiContext& context, RequestContext& request) {
    auto order = read_steering(request.body);
    if (!order) co_return order.error();
    if (moves_money(order->steering))
        if (const auto may = check_may_move_money(context, request); !may) co_return may.error();
    order->by = request.actor();
    const auto run = co_await steer_run(context.flow, request.privileges, std::move(*order));
    if (!run) co_return run.error();
    co_return run_reply(context, *run, request.caller);
}

}  // namespace payments::http
