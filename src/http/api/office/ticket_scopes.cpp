#include "flow/office/move_tickets.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/requests.hpp"

namespace payments::http {

Task<Result<Response>> note_ticket_scopes(ApiContext& context, RequestContext& request) {
    auto places = read_ticket_scopes(request.body);
    if (!places) co_return places.error();
    const auto changed = co_await move_tickets(context.flow, std::move(*places));
    co_return json_reply(json::object{{"changed", changed}});
}

}  // namespace payments::http
