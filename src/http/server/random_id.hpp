#pragma once

#include <string>

namespace payments::http {

// Hex digits that name a request or a span. They only have to differ: who can guess one gains
// nothing, so they do not cost a cryptographic generator's time.
std::string random_id(std::size_t digits);
void append_random_id(std::string& text, std::size_t digits);

}  // namespace payments::http
