#include "flow/office/sight.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/work_requests.hpp"
#include "http/api/office/work_wire.hpp"

// listActions: who did and saw what (docs/worklist.md).
namespace payments::http {

Task<Result<Response>> list_actions(ApiContext& context, RequestContext& request) {
    auto query = read_actions_query(request.body, context.resources.zone);
    if (!query) co_return query.error();
    query->sight = co_await sight_of(context.flow, request.privileges);
    const auto page = co_await context.flow.office->actions(std::move(*query));
    json::array list;
    for (const auto& action : page.list) list.push_back(write_action(action));
    const bool has_next = !page.is_end && !page.list.empty();
    json::value next(nullptr);
    if (has_next) next = ActionPlace{page.list.back().at, page.list.back().id}.text();
    co_return json_reply(json::object{{"actions", std::move(list)}, {"next", std::move(next)}});
}

}  // namespace payments::http
