#include "gateway/call_span.hpp"

namespace payments::gateway {

CallSpan::CallSpan(TracePtr trace, const Origin& origin, const HttpsRequest& request)
    : span_(std::move(trace), request.provider, SpanKind::client) {
    span_.set("payments.operation", request.operation);
    span_.set("http.request.method", request.method);
    span_.set("server.address", origin.host);
}

void CallSpan::tell(const HttpsResponse& answer) {
    using enum HttpsResponse::Kind;
    if (answer.kind == answered)
        span_.set("http.response.status_code", std::int64_t{answer.status});
    else
        span_.set("error.type", answer.kind == unreachable ? "unreachable" : "unanswered");
    if (answer.kind != answered || answer.status >= 400) span_.fail();
}

}  // namespace payments::gateway
