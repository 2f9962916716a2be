#pragma once

#include <string>
#include <string_view>

#include "http/server/message.hpp"
#include "payment/error.hpp"

namespace payments::http {

// The one map from our errors to HTTP: an RFC 9457 problem document, with the `message` member the
// platform's callers know (docs/design.md, 2.3). `type` is /problems/<slug>, explained in the API
// reference. The detail of Errc::internal is left out: no cause inside the service is told.
Response to_response(const Error& error, const std::string& request_id);

// A problem that very many are told, and of whose answers only the request's id differs: made once,
// for a crowd's answers must not cost what is left for others.
class RepeatedProblem {
public:
    explicit RepeatedProblem(const Error& error);
    // As to_response() makes it. `request_id` is of the characters that an X-Request-Id may have.
    Response to_response(std::string_view request_id) const;

private:
    Response made_;  // its body up to the id
    std::string behind_id_;
};

// 400 to 504, and the last part of `type`. Both are stable: callers decide by them.
int status_of(Errc code);
std::string_view slug_of(Errc code);

}  // namespace payments::http
