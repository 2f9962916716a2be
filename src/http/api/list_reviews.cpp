#include <charconv>

#include "flow/ticket_scope.hpp"
#include "http/api/handlers.hpp"
#include "support/clock.hpp"

// listReviews: payments, refunds and messages that need a person (docs/design.md, 3.13).
namespace payments::http {
namespace {

constexpr std::size_t limit_max = 1'000;
constexpr std::size_t limit_by_default = 200;

Error wrong_parameter(std::string_view name, std::string_view detail) {
    return Error{
        Errc::invalid_request, "parameter " + std::string{name} + " " + std::string{detail}};
}

Result<void> take(std::string_view name, std::string_view value, ReviewQuery& query) {
    if (name == "limit") {
        const auto* end = value.data() + value.size();
        const auto [rest, error] = std::from_chars(value.data(), end, query.limit);
        if (error != std::errc{} || rest != end || query.limit < 1 || query.limit > limit_max)
            return wrong_parameter(name, "must be a number from 1 to 1000");
    }
    if (name == "after") {
        query.after = ReviewCursor::parse(value);
        if (!query.after) return wrong_parameter(name, "must be `next` of an earlier answer");
    }
    return {};
}

// Nothing is percent-decoded: both values are digits and dashes. Other names are ignored
// (docs/design.md, 2.7).
Result<ReviewQuery> read_query(std::string_view text, Time now) {
    ReviewQuery query{now, limit_by_default, {}};
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        const auto equals = std::min(pair.find('='), pair.size());
        const auto value = pair.substr(std::min(pair.size(), equals + 1));
        if (const auto taken = take(pair.substr(0, equals), value, query); !taken)
            return taken.error();
    }
    return query;
}

json::value write_transaction(const std::optional<Transaction>& transaction) {
    if (!transaction) return nullptr;
    const auto& t = *transaction;
    const auto provider_id =
        t.provider_id.empty() ? json::value(nullptr) : json::value(t.provider_id);
    return json::object{
        {"id", t.id},
        {"reference", t.reference()},
        {"ticket_id", t.ticket_id},
        {"code", t.code.text()},
        {"amount", json::amount(t.amount)},
        {"currency", t.amount.currency().code()},
        {"status", name(t.status)},
        {"processor", name(t.code.processor)},
        {"provider_transaction_id", provider_id},
    };
}

json::value write_message(const std::optional<UnmatchedSummary>& message) {
    if (!message) return nullptr;
    return json::object{
        {"processor", name(message->processor)},
        {"identity", message->identity},
        {"received_at", rfc3339(message->received_at)},
    };
}

json::value write_review(const Review& review) {
    return json::object{
        {"kind", name(review.place.kind)},
        {"since", rfc3339(review.place.since)},
        {"reason", review.reason},
        {"what_to_do", what_to_do(review.place.kind)},
        {"transaction", write_transaction(review.transaction)},
        {"message", write_message(review.message)},
    };
}

}  // namespace

Task<Result<Response>> list_reviews(ApiContext& context, RequestContext& request) {
    const auto query = read_query(request.http.query, context.flow.clock.now());
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

}  // namespace payments::http
