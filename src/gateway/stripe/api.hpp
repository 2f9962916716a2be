#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "gateway/https_client.hpp"
#include "gateway/stripe/objects.hpp"

namespace payments::gateway {

// Stripe's API under one key (docs/providers/stripe.md, 2): a call with its repetitions. To be used
// on the loop of `client`.
class StripeApi {
public:
    struct Request {
        std::string method, path, body;
        std::string key;             // Idempotency-Key, "" for none
        std::string_view operation;  // static text

        Request(std::string m, std::string p, std::string b, std::string k, std::string_view o)
            : method(std::move(m)),
              path(std::move(p)),
              body(std::move(b)),
              key(std::move(k)),
              operation(o) {}
    };

    // `timeout` is for a whole call with its repetitions. Throws std::invalid_argument when the URL
    // is not https (or http on loopback).
    StripeApi(
        HttpsClient& client, const std::string& url, std::string secret_key,
        std::chrono::milliseconds timeout
    );

    // Repeats what is worth repeating, twice at most and within the deadline.
    Task<HttpsResponse> call(Request what);
    Task<HttpsResponse> get(std::string path, std::string_view operation);

private:
    HttpsClient& client_;
    std::string secret_key_;
    std::chrono::milliseconds timeout_;
    Origin origin_;
};

bool is_answered(const HttpsResponse& answer);
stripe::ProviderResponse answer_of(const HttpsResponse& answer);
std::string escaped(const std::string& id);  // an id is opaque: no byte of it is trusted

}  // namespace payments::gateway
