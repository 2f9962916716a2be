#include "gateway/trace_exporter.hpp"

#include "support/json.hpp"
#include "support/log.hpp"

namespace payments::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t spans_together = 512;
constexpr int tries_max = 5;
constexpr auto patience = 2s;
constexpr std::int64_t status_error = 2;

json::object attribute(std::string_view key, std::string_view value) {
    return {{"key", key}, {"value", json::object{{"stringValue", value}}}};
}

// 64-bit numbers are text in protobuf's JSON.
json::object attribute(std::string_view key, std::int64_t value) {
    return {{"key", key}, {"value", json::object{{"intValue", std::to_string(value)}}}};
}

json::object span_of(const std::string& trace_id, const Span& span) {
    json::array attributes;
    const auto write = [&](std::string_view key, const auto& value) {
        attributes.push_back(attribute(key, value));
    };
    for (const auto& [key, value] : span.attributes)
        std::visit([&, name = key](const auto& known) { write(name, known); }, value);
    json::object written{
        {"traceId", trace_id},
        {"spanId", span.id},
        {"name", span.name},
        {"kind", static_cast<std::int64_t>(span.kind)},
        {"startTimeUnixNano", std::to_string(span.begin.count())},
        {"endTimeUnixNano", std::to_string(span.end.count())},
        {"attributes", std::move(attributes)},
    };
    if (span.has_failed) written["status"] = json::object{{"code", status_error}};
    if (!span.parent_id.empty()) written["parentSpanId"] = span.parent_id;
    return written;
}

std::int64_t count_of(const std::vector<FinishedTrace>& traces) {
    std::int64_t count = 0;
    for (const auto& trace : traces) count += std::ssize(trace.spans);
    return count;
}

HttpsSettings https_of(const TraceSettings& from) {
    HttpsSettings settings;
    settings.trust_file = from.trust_file;
    settings.idle_connections = 1;
    return settings;
}

}  // namespace

std::string otlp_body(const std::vector<FinishedTrace>& traces, const TraceSettings& settings) {
    json::array spans;
    for (const auto& trace : traces)
        for (const auto& span : trace.spans) spans.push_back(span_of(trace.id, span));
    json::array resource{
        attribute("service.name", "ozora-payments"),
        attribute("service.version", settings.version),
        attribute("service.instance.id", settings.instance),
    };
    json::object scope{{"name", "ozora-payments"}, {"version", settings.version}};
    json::array scopes{
        json::object{{"scope", std::move(scope)}, {"spans", std::move(spans)}},
    };
    json::array resources{json::object{
        {"resource", json::object{{"attributes", std::move(resource)}}},
        {"scopeSpans", std::move(scopes)},
    }};
    return json::write(json::object{{"resourceSpans", std::move(resources)}});
}

TraceExporter::TraceExporter(
    boost::asio::io_context& loop, Clock& clock, TraceQueue& queue, TraceSettings settings,
    Counted counted
)
    : clock_(clock),
      queue_(queue),
      settings_(std::move(settings)),
      https_(loop, https_of(settings_)),
      origin_(Origin::of(settings_.url, "the address for traces")),
      counted_(std::move(counted)) {}

Task<void> TraceExporter::keep_exporting() {
    while (true) {
        co_await clock_.sleep_until(clock_.now() + 1s);
        for (auto traces = queue_.take(spans_together); !traces.empty();
             traces = queue_.take(spans_together))
            co_await export_batch(std::move(traces), tries_max);
        counted_(0, queue_.take_dropped());
    }
}

Task<int> TraceExporter::flush() {
    int count = 0;
    for (auto traces = queue_.take(spans_together); !traces.empty();
         traces = queue_.take(spans_together)) {
        const bool is_taken = co_await export_batch(std::move(traces), 1);
        if (!is_taken) break;
        ++count;
    }
    co_return count;
}

Task<bool> TraceExporter::export_batch(std::vector<FinishedTrace> traces, int tries) {
    auto pause = std::chrono::milliseconds{1s};
    auto outcome = Outcome::later;
    for (int tried = 1; tried <= tries && outcome == Outcome::later; ++tried) {
        if (tried > 1) {
            co_await clock_.sleep_until(clock_.now() + pause);
            pause *= 2;
        }
        outcome = co_await send(traces);
    }
    const auto count = count_of(traces);
    if (outcome == Outcome::sent)
        counted_(count, 0);
    else
        counted_(0, count);
    co_return outcome == Outcome::sent;
}

Task<TraceExporter::Outcome> TraceExporter::send(const std::vector<FinishedTrace>& traces) {
    HttpsRequest request{
        "POST", "/v1/traces", {{"Content-Type", "application/json"}}, otlp_body(traces, settings_)};
    if (!settings_.token.empty())
        request.headers.emplace_back("Authorization", "Bearer " + settings_.token);
    request.provider = "traces";
    request.operation = "export";
    request.repeatable = true;  // a span is known by its id
    auto where = origin_;
    const auto answer = co_await https_.send(std::move(where), std::move(request), patience);
    if (answer.kind != HttpsResponse::Kind::answered) co_return Outcome::later;
    if (answer.status >= 200 && answer.status < 300) co_return Outcome::sent;
    const auto status = answer.status;
    if (status == 429 || (status >= 502 && status <= 504)) co_return Outcome::later;
    log::warning("the collector refused traces", "status", std::int64_t{status});
    co_return Outcome::refused;
}

}  // namespace payments::gateway
