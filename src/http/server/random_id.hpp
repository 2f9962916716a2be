#pragma once

#include <string>

namespace payments::http {

// Hex digits that name a request or a span. They only have to differ: whoever can guess one gains
// nothing, so a fast generator of each thread does, seeded by the system.
// Any thread; throws std::runtime_error when OpenSSL has no randomness, at a thread's first id.
std::string random_id(std::size_t digits);
void append_random_id(std::string& text, std::size_t digits);

}  // namespace payments::http
