#include "gateway/webhook_subscriber.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "support/clock.hpp"
#include "support/crypto.hpp"
#include "support/event_body.hpp"
#include "support/url.hpp"

namespace payments::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t key_bytes_min = 24;
constexpr std::size_t key_bytes_max = 64;

// The server alone. An Origin's path loses the slash at its end and may have no query, while the
// receiver's path is sent as it was given: either may matter to it.
std::string server_of(const std::string& text) {
    const auto url = Url::parse(text);
    return url ? url->origin : text;  // Origin::of says what is wrong with it
}

std::string path_of(const std::string& text) {
    const auto url = Url::parse(text);
    const auto target = url ? url->target : std::string{};
    return target.starts_with('/') ? target : "/" + target;
}

std::vector<std::string> keys_of(const std::vector<std::string>& secrets) {
    std::vector<std::string> keys;
    for (const auto& secret : secrets) {
        auto key = event_key(secret);
        if (!key) throw std::invalid_argument{"an events secret " + key.error().detail};
        keys.push_back(std::move(*key));
    }
    return keys;
}

// Seconds or a date (RFC 9110 section 10.2.3); 0 when it says neither, and a day at most. How much
// of it is heeded is decided in payment/outgoing.
std::chrono::seconds wait_asked_for(std::string_view retry_after, Time now) {
    constexpr std::chrono::seconds day{86'400};
    if (const auto date = parse_http_date(retry_after))
        return std::clamp(std::chrono::ceil<std::chrono::seconds>(*date - now), 0s, day);
    std::int64_t seconds = 0;
    const auto* end = retry_after.data() + retry_after.size();
    const auto [rest, error] = std::from_chars(retry_after.data(), end, seconds);
    if (error != std::errc{} || rest != end || seconds < 0) return {};
    return std::chrono::seconds{std::min(seconds, std::int64_t{day.count()})};
}

DeliveryAttempt outcome_of(const HttpsResponse& answer, Time now) {
    using enum HttpsResponse::Kind;
    // Heard or not, it is told again under its id: at least once is what is promised.
    if (answer.kind == unreachable) return DeliveryAttempt::failed("unreachable: " + answer.why);
    if (answer.kind == unanswered) return DeliveryAttempt::failed("no answer: " + answer.why);
    if (answer.status >= 200 && answer.status < 300) return DeliveryAttempt::done();
    return DeliveryAttempt::failed(
        "answered " + std::to_string(answer.status),
        wait_asked_for(answer.header("retry-after"), now)
    );
}

}  // namespace

std::string event_signature(
    std::span<const std::string> keys, std::string_view id, std::int64_t timestamp_s,
    std::string_view body
) {
    std::string signed_text{id};
    signed_text += "." + std::to_string(timestamp_s) + ".";
    signed_text += body;
    std::string signatures;
    // With all of them: a receiver may know the old secret, the new one or both while it is
    // changed.
    for (const auto& key : keys)
        signatures += (signatures.empty() ? "v1," : " v1,") +
                      crypto::base64(crypto::hmac_sha256(key, signed_text));
    return signatures;
}

Result<std::string> event_key(std::string_view secret) {
    const Error wrong{Errc::invalid_request, "must be whsec_ and the Base64 of 24 to 64 bytes"};
    if (!secret.starts_with(secret_prefix)) return wrong;
    auto key = crypto::unbase64(secret.substr(secret_prefix.size()));
    if (!key || key->size() < key_bytes_min || key->size() > key_bytes_max) return wrong;
    return std::move(*key);
}

WebhookSubscriber::WebhookSubscriber(
    HttpsClient& client, const Clock& clock, SubscriberSettings settings
)
    : client_(client),
      clock_(clock),
      timeout_(settings.timeout),
      origin_(Origin::of(server_of(settings.url), "events URL")),
      path_(path_of(settings.url)),
      keys_(keys_of(settings.secrets)) {}

Task<DeliveryAttempt> WebhookSubscriber::deliver(OutgoingEvent event) {
    return send(event.id().text(), event_body(event));
}

Task<DeliveryAttempt> WebhookSubscriber::deliver_settlement(SettlementEvent event) {
    return send(event.id().text(), settlement_event_body(event.type, event.at, event.data));
}

Task<DeliveryAttempt> WebhookSubscriber::deliver_test(TestEvent event) {
    return send(std::move(event.id), test_event_body(event.at));
}

Task<DeliveryAttempt> WebhookSubscriber::send(std::string id, std::string body) {
    // The moment of this try, so that a receiver can refuse what someone has kept and sends again.
    const auto now_s = std::chrono::floor<std::chrono::seconds>(clock_.now());
    const auto timestamp_s = now_s.time_since_epoch().count();

    Headers headers;
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("webhook-id", id);
    headers.emplace_back("webhook-timestamp", std::to_string(timestamp_s));
    headers.emplace_back("webhook-signature", event_signature(keys_, id, timestamp_s, body));
    HttpsRequest request{"POST", path_, std::move(headers), std::move(body)};
    request.repeatable = true;  // by its id
    request.provider = "subscriber";
    request.operation = "deliver";
    const auto answer = co_await client_.send(origin_, std::move(request), timeout_);
    co_return outcome_of(answer, clock_.now());
}

}  // namespace payments::gateway
