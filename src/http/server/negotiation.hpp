#pragma once

#include <string_view>

#include "http/server/message.hpp"

// What a client says of the answer it would like (RFC 9110 sections 12 and 13).
namespace payments::http {

// Whether Accept-Encoding prefers gzip to the plain form, or likes both as much. Without the header
// the plain form is wanted.
// Pure, for any thread. What cannot be read counts as not asked for, and costs nobody an answer.
bool wants_gzip(const Request& request);

// Whether If-None-Match names the entity tag `tag`, weak or strong, so that 304 says it all.
bool has_current(const Request& request, std::string_view tag);

}  // namespace payments::http
