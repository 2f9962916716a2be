#include "http/api/office/work_wire.hpp"

#include <charconv>

#include "http/api/office/masking.hpp"
#include "http/api/office/wire.hpp"
#include "payment/handling.hpp"
#include "support/times.hpp"

namespace payments::http {
namespace {

json::value write_subject(const std::optional<Transaction>& transaction) {
    if (!transaction) return nullptr;
    const auto& t = *transaction;
    return json::object{
        {"id", t.id},
        {"reference", t.reference()},
        {"ticket_id", t.ticket_id},
        {"code", t.code.text()},
        {"amount", json::amount(t.amount)},
        {"currency", t.amount.currency().code()},
        {"status", name(t.status)},
        {"processor", name(t.code.processor)},
        {"provider_transaction_id", or_null(t.provider_id)},
    };
}

json::value write_message(const Review& review) {
    if (!review.message) return nullptr;
    return json::object{
        {"message_id", review.place.number},
        {"processor", name(review.message->processor)},
        {"identity", review.message->identity},
        {"received_at", rfc3339(review.message->received_at)},
    };
}

json::value write_owner(const std::optional<Handled>& last) {
    const auto owner = owner_of(last);
    if (!owner) return nullptr;
    auto written = write_actor(*owner);
    written["since"] = rfc3339(last->at);
    return written;
}

json::value write_handled(const std::optional<Handled>& last) {
    if (!last) return nullptr;
    return json::object{
        {"as", name(last->as)},          {"by", write_actor(last->by)}, {"at", rfc3339(last->at)},
        {"until", or_null(last->until)}, {"note", or_null(last->note)},
    };
}

// As they are kept, but for what only the service itself reads.
json::value write_details(const Action& action) {
    if (action.details.empty()) return nullptr;
    json::object details;
    for (const auto& [name, text] : action.details) details[name] = text;
    if (action.kind != name(ActionKind::review)) return details;
    details.erase("stands_on");
    if (const auto handled = handled_of(action); handled && handled->until)
        details["until"] = rfc3339(*handled->until);
    return details;
}

// How far an event was told, added to what it is.
template <class Event>
json::object with_delivery(json::object written, const Event& event, std::string body) {
    const bool is_waiting = !event.delivered_at && !event.dead_at;
    written["state"] = state_of(event);
    written["told_at"] = or_null(event.delivered_at);
    written["next_try_at"] =
        is_waiting ? json::value(rfc3339(event.next_at)) : json::value(nullptr);
    written["given_up_at"] = or_null(event.delivered_at ? std::nullopt : event.dead_at);
    written["tries"] = event.tries;
    written["last_error"] = or_null(event.last_error);
    written["body"] = std::move(body);
    return written;
}

// The payout's id or the finding's key.
std::string subject_of(const SettlementEvent& event) {
    const auto data = json::parse(event.data);
    if (!data || !data->is_object()) return {};
    const bool is_payout = event.type == "settlement.payout";
    return json::string_or(data->get_object(), is_payout ? "payout_id" : "key", "");
}

}  // namespace

json::value write_review(const Review& review) {
    const auto& last = review.handled;
    const bool is_snoozed = review.shown == Shown::snoozed;
    return json::object{
        {"kind", name(review.place.kind)},
        {"number", review.place.number},
        {"since", rfc3339(review.place.since)},
        {"reason", review.reason},
        {"what_to_do", what_to_do(review.place.kind)},
        {"transaction", write_subject(review.transaction)},
        {"message", write_message(review)},
        {"owner", write_owner(last)},
        {"snoozed_until", is_snoozed ? or_null(last->until) : json::value(nullptr)},
        {"handled", write_handled(last)},
        {"closable", is_closable(review.place.kind)},
    };
}

json::value write_action(const Action& action) {
    const auto& id = action.transaction_id;
    return json::object{
        {"action_id", action.id},
        {"at", rfc3339(action.at)},
        {"by", write_actor(action.by)},
        {"kind", action.kind},
        {"transaction_id", id ? json::value(*id) : json::value(nullptr)},
        {"reference", id ? json::value("TR" + std::to_string(*id)) : json::value(nullptr)},
        {"about", or_null(action.about)},
        {"details", write_details(action)},
    };
}

json::value write_outgoing(const OutgoingEvent& event, std::string body) {
    json::object written{
        {"event_id", event.id().text()},
        {"type", event.type},
        {"transaction_id", event.transaction_id},
        {"reference", "TR" + std::to_string(event.transaction_id)},
        {"ticket_id", event.ticket_id},
        {"made_at", rfc3339(event.at)},
        {"status", name(event.after.status)},
    };
    return with_delivery(std::move(written), event, std::move(body));
}

json::value write_outgoing(const SettlementEvent& event, std::string body) {
    json::object written{
        {"event_id", event.id().text()},
        {"type", event.type},
        {"subject", subject_of(event)},
        {"made_at", rfc3339(event.at)},
    };
    return with_delivery(std::move(written), event, std::move(body));
}

json::value write_listed_message(const ListedKeptMessage& listed) {
    const auto& message = listed.message;
    const auto& id = message.transaction_id;
    return json::object{
        {"message_id", message.number},
        {"processor", name(message.processor)},
        {"identity", message.identity},
        {"received_at", rfc3339(message.received_at)},
        {"transaction_id", id ? json::value(*id) : json::value(nullptr)},
        {"unmatched_reason", id ? json::value(nullptr) : or_null(listed.unmatched_reason)},
    };
}

}  // namespace payments::http
