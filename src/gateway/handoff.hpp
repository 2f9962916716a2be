#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "flow/console/handoff.hpp"
#include "gateway/https_client.hpp"
#include "gateway/origin.hpp"

namespace payments::gateway {

struct HandoffSettings {
    std::string url;  // where codes are exchanged
    std::chrono::milliseconds timeout{5'000};
};

// The platform over HTTP: POST {"code"} with a service token of ours, answered by {"token"}. One
// for each event loop, to be used on its thread.
class HandoffClient : public Handoff {
public:
    // Makes a bearer token for the service itself. May throw std::runtime_error (OpenSSL).
    using Mint = std::function<std::string()>;

    // Throws std::invalid_argument when the URL is not https (or http on loopback).
    HandoffClient(HttpsClient& client, HandoffSettings settings, Mint mint);

    Task<Result<std::string>> exchange(std::string code) override;

private:
    HttpsClient& client_;
    const HandoffSettings settings_;
    const Mint mint_;
    const Origin origin_;
};

}  // namespace payments::gateway
