#include <algorithm>

#include "http/api/office/masking.hpp"
#include "http/api/office/wire.hpp"
#include "http/api/wire.hpp"
#include "payment/review.hpp"
#include "payment/story.hpp"
#include "support/times.hpp"

namespace payments::http {
namespace {

// Sums of Money, which are never beyond its limit; a row that is damaged must not hide the rest.
json::value amount_of(std::int64_t minor, Currency currency) {
    const auto money = Money::of(minor, currency);
    return money ? json::amount(*money) : json::value(minor);
}

// They were checked when they were stored; a row that is damaged must not hide its transaction.
json::object metas_of(const Transaction& t) {
    const auto metas = json::parse(t.metas);
    return metas && metas->is_object() ? metas->get_object() : json::object{};
}

// Which message a fact came from: the one that taught something at that moment. Nothing when two
// did, and of what was learned by asking.
json::value message_of(const LedgerEntry& entry, const std::vector<KeptMessage>& messages) {
    if (entry.source != Source::ipn && entry.source != Source::webhook) return nullptr;
    const auto taught_it = [&](const KeptMessage& one) { return one.taught_at == entry.at; };
    if (std::ranges::count_if(messages, taught_it) != 1) return nullptr;
    return std::ranges::find_if(messages, taught_it)->number;
}

json::object write_masked(const PaymentStory& story) {
    const auto& t = story.transaction;
    auto body = write_summary(t, story.scopes);
    body["email"] = mask_email(t.email);
    body["metas"] = mask_metas(metas_of(t));
    body["events"] = write_entries(t, 0, story.messages);
    return body;
}

json::array write_refunds(const Transaction& transaction) {
    json::array list;
    for (const auto& refund : refunds_of(transaction))
        list.push_back(json::object{
            {"refund_id", or_null(refund.reference)},
            {"provider_refund_id", or_null(refund.provider_id)},
            {"amount", refund.amount ? json::amount(*refund.amount) : json::value(nullptr)},
            {"state", name(refund.state)},
            {"since", rfc3339(refund.since)},
            {"why", or_null(refund.why)},
        });
    return list;
}

json::array write_told(const std::vector<OutgoingEvent>& events) {
    json::array list;
    for (const auto& event : events)
        list.push_back(json::object{
            {"event_id", event.id().text()},
            {"type", event.type},
            {"at", rfc3339(event.at)},
            {"status", name(event.after.status)},
            {"state", state_of(event)},
            {"told_at", or_null(event.delivered_at)},
            {"tries", event.tries},
            {"last_error", or_null(event.last_error)},
        });
    return list;
}

json::array write_messages(const std::vector<KeptMessage>& messages) {
    json::array list;
    for (const auto& message : messages)
        list.push_back(json::object{
            {"message_id", message.number},
            {"processor", name(message.processor)},
            {"identity", message.identity},
            {"received_at", rfc3339(message.received_at)},
        });
    return list;
}

json::array write_concerns(const Transaction& transaction, Time now) {
    json::array list;
    for (const auto& concern : concerns_of(transaction, now))
        list.push_back(json::object{
            {"kind", name(concern.kind)},
            {"since", rfc3339(concern.since)},
            {"reason", concern.reason},
            {"what_to_do", what_to_do(concern.kind)},
        });
    return list;
}

}  // namespace

json::array write_permissions(const std::vector<Permission>& may) {
    json::array list;
    for (const auto& [what, why_not] : may)
        list.push_back(json::object{
            {"what", what}, {"yes", why_not.empty()}, {"why_not", or_null(why_not)}});
    return list;
}

json::array write_entries(
    const Transaction& transaction, std::size_t first, const std::vector<KeptMessage>& messages
) {
    const auto statuses = statuses_of(transaction);
    json::array list;
    for (auto i = first; i < transaction.entries.size(); ++i) {
        auto entry = write(transaction.entries[i]);
        entry.get_object()["status"] = name(statuses[i]);
        entry.get_object()["message_id"] = message_of(transaction.entries[i], messages);
        list.push_back(std::move(entry));
    }
    return list;
}

json::object write_story(
    const PaymentStory& story, const std::vector<Permission>& may, const std::string& card, Time now
) {
    const auto& t = story.transaction;
    const auto facts = facts_of(t);
    json::array others;
    for (const auto& other : story.others) others.push_back(write_summary(other, story.scopes));
    json::array notes;
    for (const auto& note : story.notes) notes.push_back(write_note(note));
    return json::object{
        {"transaction", write_masked(story)},
        {"refundable", amount_of(refundable_minor(facts), t.amount.currency())},
        {"reserved", amount_of(reserved_minor(facts), t.amount.currency())},
        {"refunds", write_refunds(t)},
        {"messages", write_messages(story.messages)},
        {"told", write_told(story.told)},
        {"others", std::move(others)},
        {"notes", std::move(notes)},
        {"concerns", write_concerns(t, now)},
        {"may", write_permissions(may)},
        {"provider_page", or_null(provider_page(t))},
        {"card_last4", or_null(card)},
    };
}

json::object write_note(const Action& note) {
    const auto text = note.details.find("text");
    return json::object{
        {"note_id", note.id},
        {"at", rfc3339(note.at)},
        {"by", json::object{{"sub", note.by.sub}, {"name", note.by.name}}},
        {"text", text == note.details.end() ? json::value(nullptr) : json::value(text->second)},
    };
}

json::object write_revealed(const Transaction& transaction) {
    return json::object{{"email", transaction.email}, {"metas", metas_of(transaction)}};
}

json::object write_kept_message(const KeptMessage& message) {
    const auto about =
        message.transaction_id ? json::value(*message.transaction_id) : json::value(nullptr);
    const auto body =
        message.body ? json::value(mask_message(*message.body)) : json::value(nullptr);
    return json::object{
        {"message_id", message.number},
        {"transaction_id", about},
        {"processor", name(message.processor)},
        {"identity", message.identity},
        {"received_at", rfc3339(message.received_at)},
        {"body", body},
        {"masked", true},
    };
}

}  // namespace payments::http
