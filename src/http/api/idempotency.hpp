#pragma once

#include <optional>
#include <string>

#include "flow/ports.hpp"
#include "http/server/message.hpp"
#include "support/json.hpp"

namespace payments::http {

// The Idempotency-Key header (IETF draft-ietf-httpapi-idempotency-key-header): a quoted string or
// a bare one of [A-Za-z0-9._-]{1,128}; "" without one. A key we cannot use is
// Errc::invalid_request: its sender believes to be safe from charging twice.
Result<std::string> idempotency_key(const Request& request);

// One call under a key: the first answer is kept for 24 hours and given again to the same request.
// Kept are 2xx and 4xx; an answer that says when to try again, or a 5xx, lets go of the key.
class KeyedCall {
public:
    KeyedCall(Store& store, std::string operation, std::string key, const json::object& body);

    // The answer of the first call, or nothing when this is the first. Errc::key_reused,
    // key_in_use.
    Task<Result<std::optional<Response>>> earlier_answer(Time now);
    // Runs the call and keeps its answer.
    Task<Result<Response>> keep(Task<Result<Response>> call, std::string request_id);

private:
    Store& store_;
    std::string operation_, key_, fingerprint_;
};

}  // namespace payments::http
