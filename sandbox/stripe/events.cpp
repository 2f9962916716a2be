#include <algorithm>

#include "sandbox/json_text.hpp"
#include "sandbox/stripe/stripe.hpp"
#include "sandbox/stripe/versions.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

// Stripe's events, and their way to the webhook.
namespace payments::sandbox {

using namespace stripe;

namespace {

constexpr std::size_t events_max = 50'000;
constexpr std::int64_t stale_by_s = 301;

bool type_fits(std::string_view type, std::string_view wanted) {
    if (!wanted.ends_with('*')) return type == wanted;
    wanted.remove_suffix(1);
    return type.starts_with(wanted);
}

// An event whose content is not what really happened.
json::object altered(json::object event, std::string_view fault) {
    auto& object = event["data"].get_object()["object"].get_object();
    if (fault == "wrong-amount") {
        for (const auto name : {"amount", "amount_received", "amount_captured"}) {
            if (auto* sum = object.if_contains(name); sum && *sum != 0) {
                *sum = sum->get_int64() + 100;
            }
        }
    }
    if (fault == "wrong-currency") object["currency"] = "chf";
    if (fault == "other-livemode") {
        event["livemode"] = true;
        object["livemode"] = true;
    }
    if (fault == "other-order") {
        object["id"] = "pi_someoneelses";
        object["metadata"] = json::object{};
    }
    if (fault == "unknown-type") event["type"] = "payment_intent.pondered";
    if (fault == "extra-members") object["novelty"] = json::object{{"x", 1.5}};
    return event;
}

json::object thin(const json::object& event) {
    const auto& object = event.at("data").at("object");
    return {
        {"id", event.at("id")},
        {"object", "v2.core.event"},
        {"type", "v1." + std::string{event.at("type").as_string()}},
        {"created", event.at("created")},
        {"livemode", false},
        {"related_object", {{"id", object.at("id")}, {"type", object.at("object")}}}};
}

}  // namespace

std::string stripe::webhook_signature(
    const std::vector<std::string>& secrets, std::int64_t t, std::string_view body
) {
    auto header = "t=" + std::to_string(t);
    const auto message = std::to_string(t) + "." + std::string{body};
    for (const auto& secret : secrets) {
        header += ",v1=" + crypto::hex(crypto::hmac_sha256(secret, message));
    }
    return header;
}

void Stripe::emit(std::string_view type, json::object object, json::object previous) {
    tell(type, std::move(object), std::move(previous), true);
}

void Stripe::tell(std::string_view type, json::object object, json::object previous, bool is_sent) {
    json::value shown(std::move(object));
    as_of_version(shown, default_version);
    json::object event{{"id", new_id("evt_")}, {"object", "event"}, {"api_version", "2024-04-10"}};
    event["created"] = now_s();
    event["data"] = json::object{{"object", std::move(shown)}};
    if (!previous.empty()) event["data"].get_object()["previous_attributes"] = std::move(previous);
    event["livemode"] = false;
    event["pending_webhooks"] = keys_.webhook_url.empty() || !is_sent ? 0 : 1;
    const auto or_null = [](const std::string& text) {
        return text.empty() ? json::value{} : json::value(text);
    };
    event["request"] =
        json::object{{"id", or_null(request_id_)}, {"idempotency_key", or_null(idempotency_key_)}};
    event["type"] = type;
    events_.push_back(event);
    if (events_.size() > events_max) events_.pop_front();
    if (!is_sent) return;
    auto fault = faults_.take(type);
    if (!fault) fault = faults_.take("webhook");
    if (fault && fault->name == "out-of-order" && !held_back_) {
        held_back_ = std::move(event);
        return;
    }
    deliver(event, fault);
    if (held_back_) {
        deliver(*std::exchange(held_back_, std::nullopt), std::nullopt);
    }
}

void Stripe::deliver(const json::object& event, const std::optional<Fault>& fault) {
    const std::string name = fault ? fault->name : "";
    if (keys_.webhook_url.empty() || name == "never") return;
    auto notice = notice_of(event, name);
    const auto delay = name == "late" ? fault->delay : std::chrono::milliseconds{0};
    if (name == "duplicate") {
        notice.then = [this, again = notice_of(event, name)] { deliveries_.send(again); };
    }
    if (name == "parallel-duplicate") deliveries_.send(notice, delay);
    if (name == "twin") {  // another Event object for the same change
        auto twin = event;
        twin["id"] = new_id("evt_");
        deliveries_.send(notice_of(std::move(twin), name), delay);
    }
    deliveries_.send(std::move(notice), delay);
}

// Every attempt is signed anew with the machine's time, which is what the receiver compares with.
Notice Stripe::notice_of(json::object event, std::string_view fault) {
    const auto id = std::string{event.at("id").as_string()};
    const auto content = fault == "thin" ? thin(event) : altered(std::move(event), fault);
    Outgoing message{"POST", keys_.webhook_url, pretty(content)};
    Notice notice;
    notice.operation = "webhook";
    notice.about = id;
    notice.fault = fault;
    notice.message = [this, message, name = std::string{fault}] {
        auto signed_message = message;
        auto t = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
                     .time_since_epoch()
                     .count();
        if (name == "stale") t -= stale_by_s;
        auto secrets = keys_.webhook_secrets;
        if (name == "bad-signature" || name == "forged") secrets = {"whsec_someone_elses"};
        signed_message.headers = {
            {"Content-Type", "application/json; charset=utf-8"},
            {"User-Agent", "Stripe/1.0 (stand-in)"},
            {"Stripe-Signature", webhook_signature(secrets, t, signed_message.body)}};
        if (name == "no-signature") signed_message.headers.pop_back();
        if (name == "changed-after-signing") signed_message.body += '\n';
        return signed_message;
    };
    notice.judge = [this, id](const Outgoing&, const Fetched& answer) -> Judgement {
        if (answer.kind == Fetched::Kind::timed_out) return {false, "TIMEOUT"};
        if (answer.kind != Fetched::Kind::answered) return {false, "NO_CONNECTION"};
        if (answer.status < 200 || answer.status > 299) return {false, "NOT2XX"};
        // Of thousands, most likely one of the newest.
        const auto kept = std::find_if(events_.rbegin(), events_.rend(), [&](const auto& one) {
            return is(one.at("id"), id);
        });
        if (kept != events_.rend()) (*kept)["pending_webhooks"] = 0;
        return {true, "OK"};
    };
    return notice;
}

Stripe::Answer Stripe::list_events(const Call& call) {
    const auto types = call.form.list("types");
    const auto type = call.form.get("type");
    const auto wanted = [&](const json::object& event) {
        const std::string_view its = event.at("type").as_string();
        const bool delivered = event.at("pending_webhooks") == 0;
        const auto delivery = call.form.get("delivery_success");
        const bool fits_types =
            types.empty() || std::any_of(types.begin(), types.end(), [&](const auto& one) {
                return type_fits(its, one);
            });
        return fits_types && (type.empty() || type_fits(its, type)) &&
               (delivery.empty() || delivered == (delivery == "true"));
    };
    std::vector<const json::object*> newest_first;
    for (auto it = events_.rbegin(); it != events_.rend(); ++it) newest_first.push_back(&*it);
    return answer_of(page_of(newest_first, wanted, call.form, "/v1/events"));
}

// A delivery besides those that are planned, even of an event that has arrived.
Stripe::Answer Stripe::retry_event(const Call& call) {
    for (auto& event : events_) {
        if (!is(event.at("id"), call.id)) continue;
        if (!keys_.webhook_url.empty()) event["pending_webhooks"] = 1;
        deliver(event, std::nullopt);
        return {200, event};
    }
    return {404, missing("event", call.id)};
}

}  // namespace payments::sandbox
