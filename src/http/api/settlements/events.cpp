#include <charconv>

#include "flow/settlement/settlements.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/work_requests.hpp"
#include "http/api/office/work_wire.hpp"
#include "support/event_body.hpp"
#include "support/form.hpp"

// listSettlementEvents: what others are told of settlements (docs/settlements.md, 12).
namespace payments::http {
namespace {

constexpr int page_max = 200;
constexpr int page_otherwise = 50;

Error wrong_in_query(const std::string& what) {
    return Error{Errc::invalid_request, "parameter " + what};
}

// Nothing for a text that is no whole number from 1 to page_max.
std::optional<int> limit_of(std::string_view text) {
    int limit = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, limit);
    if (error != std::errc{} || rest != end || limit < 1 || limit > page_max) return {};
    return limit;
}

Result<SettlementEventsQuery> read_settlement_events_query(const std::string& text) {
    const auto pairs = form::read(text);
    if (!pairs) return Error{Errc::invalid_request, "the query cannot be read"};
    SettlementEventsQuery query;
    query.is_newest_first = true;
    const auto state = form::value_of(*pairs, "state");
    query.state = event_state_of(state);
    if (!state.empty() && !query.state)
        return wrong_in_query("state must be waiting, told, dead or skipped");
    const auto limit = form::value_of(*pairs, "limit");
    const auto read = limit.empty() ? page_otherwise : limit_of(limit);
    if (!read) return wrong_in_query("limit must be from 1 to 200");
    query.limit = *read;
    const auto after = form::value_of(*pairs, "after");
    const auto last = SettlementEventId::parse(after);
    if (last) query.after = last->number;
    if (!after.empty() && !last) return wrong_in_query("after must be `next` of an earlier answer");
    return query;
}

}  // namespace

Task<Result<Response>> list_settlement_events(ApiContext& context, RequestContext& request) {
    auto query = read_settlement_events_query(request.http.query);
    if (!query) co_return query.error();
    auto& settlements = *context.flow.settlements;
    const auto limit = static_cast<std::size_t>(query->limit);
    ++query->limit;  // one more tells whether there is a page behind
    const auto backlog = co_await settlements.backlog();
    auto found = co_await settlements.find_events(std::move(*query));
    const bool has_next = found.size() > limit;
    if (has_next) found.pop_back();
    json::array list;
    for (const auto& event : found)
        list.push_back(
            write_outgoing(event, settlement_event_body(event.type, event.at, event.data))
        );
    const auto next = has_next ? json::value(found.back().id().text()) : json::value(nullptr);
    co_return json_reply(json::object{
        {"events", std::move(list)},
        {"waiting", backlog.waiting},
        {"dead", backlog.dead},
        {"next", next},
    });
}

}  // namespace payments::http
