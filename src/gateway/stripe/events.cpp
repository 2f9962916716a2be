#include "gateway/stripe/events.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "gateway/stripe/requests.hpp"
#include "support/crypto.hpp"

namespace payments::stripe {
namespace {

// As the official libraries have it: what somebody has recorded cannot be sent again later. A time
// in the future passes, as it does there (docs/providers/stripe.md, 9.1 and 9.2).
constexpr std::int64_t tolerance_s = 300;
constexpr std::size_t header_bytes_max = 4096;

struct SignatureHeader {
    std::string_view time_text;
    std::int64_t time_s = 0;
    std::vector<std::string> v1;  // lower-case hex
};

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::optional<std::int64_t> seconds_in(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    // 15 digits at most, which fit 64 bits; no leading zero, for `t` is signed as text.
    const bool digits = !text.empty() && text[0] >= '1' && text[0] <= '9' && text.size() <= 15;
    if (!digits || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::string> signature_in(std::string_view text) {
    const auto bytes = crypto::unhex(text);
    if (!bytes || bytes->size() != 32) return std::nullopt;
    // In lower case again, to be compared as text.
    return crypto::hex(*bytes);
}

// The grammar of docs/providers/stripe.md, 9.2, no more: what the official libraries disagree about
// is refused.
std::optional<SignatureHeader> parse_header(std::string_view header) {
    if (header.empty() || header.size() > header_bytes_max) return std::nullopt;
    SignatureHeader parsed;
    while (true) {
        const auto comma = header.find(',');
        const auto item = header.substr(0, comma);
        const auto equals = item.find('=');
        if (equals == std::string_view::npos || !is_name(item.substr(0, equals)))
            return std::nullopt;
        const auto name = item.substr(0, equals);
        const auto value = item.substr(equals + 1);
        if (name == "t") {
            const auto seconds = seconds_in(value);
            if (!parsed.time_text.empty() || !seconds) return std::nullopt;
            parsed.time_text = value;
            parsed.time_s = *seconds;
        } else if (name == "v1") {
            const auto signature = signature_in(value);
            if (!signature) return std::nullopt;
            parsed.v1.push_back(*signature);
        }
        if (comma == std::string_view::npos) break;
        header.remove_prefix(comma + 1);
    }
    if (parsed.time_text.empty() || parsed.v1.empty()) return std::nullopt;
    return parsed;
}

// -------------------------------------------------------------------- what an event means

struct Meaning {
    std::vector<Fact> facts;
    bool tells_all = true;  // else the provider knows more than the object shows
};

Meaning meaning_of(
    const json::object& object, const std::string& account, std::string_view attempt_key,
    const EventHead& event
) {
    const auto kind = json::string_or(object, "object", "");
    if (kind == "payment_intent") {
        auto facts = facts_of_intent(object, account);
        const bool is_understood = !facts.empty();
        return {std::move(facts), is_understood};
    }
    if (kind == "refund") return {facts_of_refund(object, account, attempt_key)};
    // A dispute may arrive before the event of its payment, and does not say how much was paid.
    if (kind == "dispute") return {facts_of_dispute(object, account, event), false};
    if (kind == "radar.early_fraud_warning")
        return {facts_of_fraud_warning(object, account, event)};
    if (kind != "charge") return {};
    // A charge has the sum of its refunds alone, since 2022-11-15: they must be listed
    // (docs/providers/stripe.md, 6.6).
    const bool refunded = integer_at(object, "amount_refunded").value_or(0) > 0;
    return {facts_of_charge(object, account, attempt_key), !refunded};
}

// When the attempt was opened, from the key that made its PaymentIntent: "pi-create-TR42-<ms>".
std::optional<Time> opened_at(std::string_view key, std::string_view reference) {
    const auto prefix = "pi-create-" + std::string{reference} + "-";
    if (!key.starts_with(prefix)) return {};
    key.remove_prefix(prefix.size());
    std::int64_t ms = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), ms);
    if (error != std::errc{} || end != key.data() + key.size()) return {};
    return Time{std::chrono::milliseconds{ms}};
}

// Our own number from the metadata, and Stripe's id of the PaymentIntent.
MatchCriteria subject_of(const json::object& object) {
    MatchCriteria subject;
    subject.processor = Processor::stripe;
    const bool is_intent = json::string_or(object, "object", "") == "payment_intent";
    subject.provider_id =
        is_intent ? json::string_or(object, "id", "") : id_at(object, "payment_intent");
    const auto* metadata = member(object, "metadata");
    if (!metadata) return subject;
    // Another program may use the same names, and an older database the same numbers: the number
    // counts only together with the moment at which it was given.
    const auto reference = "TR" + json::string_or(*metadata, "transaction_id", "");
    subject.opened_at = opened_at(json::string_or(*metadata, "attempt", ""), reference);
    if (subject.opened_at) subject.transaction_id = id_of_reference(reference);
    return subject;
}

// Why an event, though signed, is about nothing of ours; "" when it may be.
std::string strangeness(const json::object& event, const std::string& account) {
    const auto kind = json::string_or(event, "object", "");
    if (kind == "v2.core.event") return "a thin event: set the webhook endpoint to snapshot events";
    if (kind != "event") return "not an event";
    const auto* live = json::find(event, "livemode");
    if (!live || !live->is_bool()) return "without livemode";
    if ((live->as_bool() ? "live" : "test") != account)
        return live->as_bool() ? "a live event, but our key is a test key"
                               : "a test event, but our key is a live key";
    return {};
}

const json::object* subject_object(const json::object& event) {
    const auto* data = member(event, "data");
    return data ? member(*data, "object") : nullptr;
}

// What an event says, whichever way it came; `message` holds its bytes.
Heard heard_of(
    const json::object& event, const std::string& account, Time now, SignedMessage message
) {
    const auto* object = subject_object(event);
    auto reason = strangeness(event, account);
    auto subject = object ? subject_of(*object) : MatchCriteria{};
    // The subject's moment of opening, which the key tells, must be true of the transaction.
    const auto key = subject.opened_at ? metadata_at(*object, "attempt") : std::string{};
    if (reason.empty() && !subject.transaction_id && subject.provider_id.empty())
        reason = "about no PaymentIntent: " + json::string_or(event, "type", "");
    if (!reason.empty())
        return Heard::unmatchable(Source::webhook, now, std::move(message), std::move(reason));

    auto meaning = object ? meaning_of(*object, account, key, head_of(event)) : Meaning{};
    return Heard::notification(
               std::move(subject), Source::webhook, now, std::move(meaning.facts),
               std::move(message)
    )
        .and_check(!meaning.tells_all);
}

// An event in which a member is not what strict JSON allows may say less than was sent: the rest is
// for a question to tell.
Heard checked_if(bool damaged, Heard heard) {
    if (!damaged || !heard.unmatched_reason.empty()) return heard;
    return std::move(heard).and_check();
}

// What an event says whose signature was verified, now or when it came. One that is nested beyond
// all reading is kept all the same; what is no JSON object at all is no event.
Result<Notification> interpret(
    std::string_view header, std::string_view body, const std::string& account, Time now
) {
    const auto parsed = json::parse_leniently(body);
    if (!parsed && parsed.error().code == Errc::malformed_json) return parsed.error();
    const auto* event = parsed ? parsed->tree.if_object() : nullptr;
    if (parsed && !event) return Error{Errc::invalid_request, "the event must be an object"};

    const auto id = event ? json::string_or(*event, "id", "") : std::string{};
    // One without an id is no event that we know; it is kept all the same, once by its bytes.
    SignedMessage message{
        Processor::stripe, id.empty() ? crypto::hex(crypto::sha256(body)) : id, std::string{header},
        std::string{body}};
    const Acknowledgement taken{R"({"message":"SUCCESS"})", ""};
    if (!event)
        return Notification{
            Heard::unmatchable(Source::webhook, now, std::move(message), "too deep to be read"),
            taken};
    auto heard = heard_of(*event, account, now, std::move(message));
    return Notification{checked_if(!parsed->wrong.empty(), std::move(heard)), taken};
}

// The types that tell of payments, refunds and disputes; 20 are the most that Stripe filters by.
constexpr std::string_view types_of_ours[] = {
    "payment_intent.created",
    "payment_intent.processing",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "charge.succeeded",
    "charge.failed",
    "charge.captured",
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
};
static_assert(std::size(types_of_ours) <= 20);

// Whether a mistake lies in the item at this place of a list's `data`.
bool is_in_item(const Wrong& wrong, std::size_t place) {
    const auto item = "/data/" + std::to_string(place);
    return wrong.pointer == item || wrong.pointer.starts_with(item + "/");
}

// All mistakes are only noted up to a number; then any item may have one.
bool is_damaged(const json::Readable& page, std::size_t place) {
    return page.wrong.size() >= json::wrong_max ||
           std::ranges::any_of(page.wrong, [&](const auto& w) { return is_in_item(w, place); });
}

}  // namespace

bool is_signed(
    std::string_view header, std::string_view body, std::span<const std::string> secrets, Time now
) {
    const auto parsed = parse_header(header);
    if (!parsed) return false;

    const auto text = std::string{parsed->time_text} + "." + std::string{body};
    bool matches = false;
    // Every signature with every secret, and no early end: the time must not tell which one fits.
    for (const auto& secret : secrets) {
        if (secret.empty()) continue;
        const auto expected = crypto::hex(crypto::hmac_sha256(secret, text));
        for (const auto& given : parsed->v1)
            matches = crypto::equal_in_constant_time(given, expected) || matches;
    }
    const auto now_s = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    return matches && now_s - parsed->time_s <= tolerance_s;
}

Result<Notification> read_event(
    std::string_view header, std::string_view body, std::span<const std::string> secrets,
    const std::string& account, Time now
) {
    // The bytes are judged before anything reads them.
    if (!is_signed(header, body, secrets, now))
        return Error{Errc::invalid_signature, "the event is not signed by Stripe"};
    return interpret(header, body, account, now);
}

Result<Notification> read_kept_event(
    const UnmatchedMessage& kept, const std::string& account, Time now
) {
    return interpret(kept.message.signature, kept.message.body, account, now);
}

std::span<const std::string_view> event_types() { return types_of_ours; }

std::string events_query(const ProviderEventQuery& query, std::string_view after, int limit) {
    const auto since = std::chrono::floor<std::chrono::seconds>(query.since).time_since_epoch();
    Form form{{"created[gte]", std::to_string(since.count())}, {"limit", std::to_string(limit)}};
    for (std::size_t i = 0; i < std::size(types_of_ours); ++i)
        form.emplace_back("types[" + std::to_string(i) + "]", types_of_ours[i]);
    if (query.only_undelivered) form.emplace_back("delivery_success", "false");
    if (!after.empty()) form.emplace_back("starting_after", after);
    return encode(form);
}

ProviderEventPage read_events(
    const ProviderResponse& answer, const std::string& account, Time now
) {
    ProviderEventPage page;
    if (!is_success(answer)) return page;
    const auto body = json::parse_leniently(answer.body);
    const auto* list = body ? body->tree.if_object() : nullptr;
    const auto* data = list ? data_of(*list) : nullptr;
    if (!data) return page;
    for (std::size_t i = 0; i < data->size(); ++i) {
        const auto* event = (*data)[i].if_object();
        const auto id = event ? json::string_or(*event, "id", "") : std::string{};
        if (id.empty()) continue;  // nothing to know it by; its neighbours must not wait for it
        SignedMessage name_only{Processor::stripe, id, "", ""};
        auto heard = heard_of(*event, account, now, std::move(name_only));
        page.events.emplace_back(checked_if(is_damaged(*body, i), std::move(heard)));
        page.last_id = id;
    }
    page.has_more = flag_at(*list, "has_more");
    // Without an id nobody can ask for what follows: that is no answer, and not the end.
    page.answered = !page.last_id.empty() || (data->empty() && !page.has_more);
    return page;
}

}  // namespace payments::stripe
