#pragma once

#include <string>
#include <string_view>

// W3C Trace Context, version 00 (docs/design.md, 2.6).
namespace payments::http {

// Our own span inside the caller's trace, or in a new one when the header is missing or malformed.
// Any thread; throws std::runtime_error when OpenSSL has no randomness, at a thread's first id.
std::string child_traceparent(const std::string* traceparent);
// The 32 hex digits of the trace id; `traceparent` must be one that child_traceparent made.
std::string_view trace_id(std::string_view traceparent);
// The 16 hex digits of our own span in it.
std::string_view span_id(std::string_view traceparent);
// The caller's span, which ours is a child of; "" when `traceparent` begins a trace.
std::string_view parent_id(std::string_view traceparent, const std::string* received);
// The same, with the flag that says that we record it.
std::string sampled(std::string traceparent);

}  // namespace payments::http
