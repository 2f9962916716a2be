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

// The key that a client secret in a stored answer is sealed with, made of Stripe's secret key:
// whoever has that can read the client secret at Stripe. "" for "", where there are no client
// secrets.
std::string sealing_key_of(std::string_view stripe_secret_key);

// One call under a key (docs/design.md, 2.5): the first answer is stored for 24 hours and given
// again to the same request. Stored are 2xx and 4xx. A 5xx, or an answer with Retry-After, releases
// the key: "try again in 5 s" must not be the answer for a day. A member client_secret is sealed in
// what is stored, for it opens the visitor's payment.
// One object for one call, on its loop's thread; `store` outlives it. A key counts within its
// operation: the same one may stand for a start and for a refund.
class KeyedCall {
public:
    KeyedCall(
        Store& store, std::string operation, std::string key, const json::object& body,
        std::string sealing_key
    );

    // Claims the key. The stored answer of the first call, or nothing when this is the first, or
    // when that answer was sealed with another key: then `keep` must follow. Errc::key_reused when
    // the first call had another body, key_in_use while it still runs. Throws StoreDown.
    Task<Result<std::optional<Response>>> earlier_answer(Time now);
    // Runs the call, and stores its answer or releases the key. Rethrows what the call throws, and
    // throws StoreDown when the answer could not be stored.
    Task<Result<Response>> keep(Task<Result<Response>> call, std::string request_id);

private:
    std::string sealed(const std::string& body) const;
    std::optional<std::string> opened(const std::string& body) const;
    std::string place() const { return operation_ + "\n" + key_; }

    Store& store_;
    std::string operation_, key_, fingerprint_, sealing_key_;
};

}  // namespace payments::http
