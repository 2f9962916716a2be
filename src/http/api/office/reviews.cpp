#include <charconv>

#include "flow/office/handle_review.hpp"
#include "flow/ticket_scope.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/work_requests.hpp"
#include "http/api/office/work_wire.hpp"
#include "support/clock.hpp"
#include "support/form.hpp"

// The worklist: payments, refunds and messages that need a person (docs/worklist.md).
namespace payments::http {
namespace {

constexpr std::size_t reviews_at_most = 1'000;
constexpr std::size_t reviews_by_default = 200;

Error wrong_parameter(std::string_view name, std::string_view detail) {
    return Error{
        Errc::invalid_request, "parameter " + std::string{name} + " " + std::string{detail}};
}

Result<void> take_kinds(std::string_view value, ReviewQuery& query) {
    while (!value.empty()) {
        const auto word = value.substr(0, value.find(','));
        value.remove_prefix(std::min(value.size(), word.size() + 1));
        const auto kind = review_kind(word);
        if (!kind) return wrong_parameter("kind", "must be kinds, with commas between");
        query.kinds.push_back(*kind);
    }
    return {};
}

Result<void> take_shown(std::string_view value, ReviewQuery& query) {
    for (const auto shown : {Shown::open, Shown::snoozed, Shown::closed})
        if (name(shown) == value) {
            query.shown = shown;
            return {};
        }
    return wrong_parameter("show", "must be open, snoozed or closed");
}

Result<void> take(
    std::string_view name, std::string_view value, const std::string& caller, ReviewQuery& query
) {
    if (name == "limit") {
        const auto* end = value.data() + value.size();
        const auto [rest, error] = std::from_chars(value.data(), end, query.limit);
        if (error != std::errc{} || rest != end || query.limit < 1 || query.limit > reviews_at_most)
            return wrong_parameter(name, "must be a number from 1 to 1000");
    }
    if (name == "after") {
        query.after = ReviewCursor::parse(value);
        if (!query.after) return wrong_parameter(name, "must be `next` of an earlier answer");
    }
    if (name == "mine") {
        if (value != "true" && value != "false")
            return wrong_parameter(name, "must be true or false");
        if (value == "true") query.owner = caller;
    }
    if (name == "kind") return take_kinds(value, query);
    if (name == "show") return take_shown(value, query);
    return {};
}

// Other names are ignored (docs/design.md, 2.7).
Result<ReviewQuery> read_query(const RequestContext& request, Time now) {
    ReviewQuery query{now, reviews_by_default};
    const auto pairs = form::read(request.http.query);
    if (!pairs) return Error{Errc::invalid_request, "the query cannot be read"};
    for (const auto& [name, value] : *pairs)
        if (const auto taken = take(name, value, request.caller, query); !taken)
            return taken.error();
    return query;
}

}  // namespace

Task<Result<Response>> list_reviews(ApiContext& context, RequestContext& request) {
    const auto query = read_query(request, context.flow.clock.now());
    if (!query) co_return query.error();
    const auto reviews =
        co_await reviews_in_scope(context.flow, request.privileges, *query, request.traceparent);
    if (!reviews) co_return reviews.error();
    json::array list;
    for (const auto& review : reviews->list) list.push_back(write_review(review));
    const bool has_next = !reviews->is_end && !reviews->list.empty();
    json::object body{
        {"reviews", std::move(list)},
        {"total", reviews->total()},
        {"next", has_next ? json::value(reviews->list.back().place.text()) : json::value(nullptr)},
    };
    co_return json_reply(body);
}

Task<Result<Response>> post_review(ApiContext& context, RequestContext& request) {
    auto order = read_review_order(request.body, context.resources.zone);
    if (!order) co_return order.error();
    order->by = request.actor();
    const auto review = co_await handle_review(
        context.flow, request.privileges, std::move(*order), request.traceparent
    );
    if (!review) co_return review.error();
    co_return json_reply(write_review(*review));
}

}  // namespace payments::http
