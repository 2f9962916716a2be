#include "support/event_body.hpp"

#include "support/json.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

json::value or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

// Refunds are sums of Money and cannot pass its limit.
json::value amount_refunded(const OutgoingEvent& event) {
    const auto money = Money::of(event.after.refunded_minor, event.amount.currency());
    return money ? json::amount(*money) : json::value(event.after.refunded_minor);
}

}  // namespace

std::string event_body(const OutgoingEvent& event) {
    json::object data{
        {"transaction_id", event.transaction_id},
        {"reference", "TR" + std::to_string(event.transaction_id)},
        {"ticket_id", event.ticket_id},
        {"code", event.code.text()},
        {"fee_type", event.code.fee_type},
        {"currency", event.amount.currency().code()},
        {"amount", json::amount(event.amount)},
        {"amount_refunded", amount_refunded(event)},
        {"processor", name(event.code.processor)},
        {"provider_transaction_id", or_null(event.provider_id)},
        {"status", name(event.after.status)},
        {"previous_status", name(event.before.status)},
        {"review_reason", or_null(event.review_reason)},
    };
    return json::write(json::object{
        {"type", event.type},
        {"timestamp", rfc3339(event.at)},
        {"data", std::move(data)},
    });
}

std::string settlement_event_body(std::string_view type, Time at, std::string_view data) {
    std::string body = R"({"type":")";
    body.append(type).append(R"(","timestamp":")").append(rfc3339(at));
    return body.append(R"(","data":)").append(data).append("}");
}

std::string test_event_body(Time at) {
    return json::write(json::object{
        {"type", "test"},
        {"timestamp", rfc3339(at)},
        {"data", json::object{}},
    });
}

}  // namespace payments
