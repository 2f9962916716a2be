#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "flow/ports.hpp"
#include "gateway/https_client.hpp"
#include "support/spans.hpp"

// Sends traces to a collector by OTLP over HTTP, as JSON (opentelemetry.io/docs/specs/otlp).
namespace payments::gateway {

struct TraceSettings {
    std::string url;         // base URL; /v1/traces is appended
    std::string token;       // sent as a bearer token, when there is one
    std::string trust_file;  // as in HttpsSettings
    std::string version;
    std::string instance;  // tells replicas apart
};

// The body of a request. Pure; any thread.
std::string otlp_body(const std::vector<FinishedTrace>& traces, const TraceSettings& settings);

// It has a client of its own: a collector that is silent keeps no connection of payments. On the
// thread of `loop`, which outlives it.
class TraceExporter {
public:
    // Told how many spans were sent, and how many were lost.
    using Counted = std::function<void(std::int64_t sent, std::int64_t dropped)>;

    // All must outlive it. Throws std::invalid_argument for a URL that cannot be one.
    TraceExporter(
        boost::asio::io_context& loop, Clock& clock, TraceQueue& queue, TraceSettings settings,
        Counted counted
    );

    // Sends what has finished, every second, until the loop stops. What a collector cannot take now
    // (429, 502, 503, 504, no answer) is sent again, later each time, until it has been tried five
    // times; then it is dropped, for payments must not wait for their own picture.
    Task<void> keep_exporting();
    // What waits, once, at the end of a process, which a collector that does not take it keeps from
    // its end no longer: then the rest is not sent. Returns how many batches were taken.
    Task<int> flush();

private:
    enum class Outcome : std::uint8_t { sent, refused, later };
    Task<Outcome> send(const std::vector<FinishedTrace>& traces);
    // Whether they were taken.
    Task<bool> export_batch(std::vector<FinishedTrace> traces, int tries);

    Clock& clock_;
    TraceQueue& queue_;
    const TraceSettings settings_;
    HttpsClient https_;
    const Origin origin_;
    const Counted counted_;
};

}  // namespace payments::gateway
