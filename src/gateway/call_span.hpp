#pragma once

#include "gateway/https_client.hpp"
#include "support/spans.hpp"

namespace payments::gateway {

// The span of a call, by OpenTelemetry's conventions for HTTP (docs/operations.md, "Traces"). Not
// its path, in which a provider's id may stand. Nothing without a trace.
class CallSpan {
public:
    CallSpan(TracePtr trace, const Origin& origin, const HttpsRequest& request);

    void tell(const HttpsResponse& answer);

private:
    SpanScope span_;
};

}  // namespace payments::gateway
