#pragma once

#include <span>

#include "flow/ports.hpp"
#include "gateway/https_client.hpp"

// Outgoing events as Standard Webhooks (specification 1.0.0, standardwebhooks.com;
// docs/design.md, 3.12). The functions are pure and safe on any thread.
namespace payments::gateway {

// The value of webhook-signature: "v1," and the Base64 of an HMAC-SHA256 over id, time and body,
// one for each key, with spaces between.
// `timestamp_s` is in seconds since 1970 UTC, and is what the header webhook-timestamp says.
std::string event_signature(
    std::span<const std::string> keys, std::string_view id, std::int64_t timestamp_s,
    std::string_view body
);

// The bytes of a "whsec_..." secret. Errc::invalid_request unless they are 24 to 64.
Result<std::string> event_key(std::string_view secret);

struct SubscriberSettings {
    std::string url;
    std::vector<std::string> secrets;           // several while one is being rolled
    std::chrono::milliseconds timeout{10'000};  // of one try, at most a minute
};

// The receiver at a URL. An answer of 2xx is a delivery; everything else is a failure, a redirect
// too: following it would hand our events to whoever it names. To be used on the loop of `client`.
class WebhookSubscriber : public Subscriber {
public:
    // Throws std::invalid_argument when the URL is not https (or http on loopback), or a secret is
    // none.
    WebhookSubscriber(HttpsClient& client, const Clock& clock, SubscriberSettings settings);

    Task<DeliveryAttempt> deliver(OutgoingEvent event) override;
    Task<DeliveryAttempt> deliver_settlement(SettlementEvent event) override;
    Task<DeliveryAttempt> deliver_test(TestEvent event) override;

private:
    Task<DeliveryAttempt> send(std::string id, std::string body);

    HttpsClient& client_;
    const Clock& clock_;
    const std::chrono::milliseconds timeout_;
    Origin origin_;
    std::string path_;  // with its query
    std::vector<std::string> keys_;
};

}  // namespace payments::gateway
