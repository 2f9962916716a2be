#pragma once

#include <string>
#include <string_view>

#include "http/server/message.hpp"
#include "payment/error.hpp"

namespace payments::http {

// The one map from our errors to HTTP: an RFC 9457 problem document, with the `message` member the
// platform's callers know. `type` is /problems/<slug>, explained in the API reference.
Response to_response(const Error& error, const std::string& request_id);

int status_of(Errc code);
std::string_view slug_of(Errc code);

}  // namespace payments::http
