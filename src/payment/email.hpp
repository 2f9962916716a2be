#pragma once

#include <string_view>

namespace payments {

// An e-mail address such as payment providers take: one "@", before it up to 64 bytes that RFC 5322
// lets stand without quotes, and after it a domain of at least two labels (RFC 1035), 254 bytes in
// all. Letters beyond ASCII are left to the provider. Finds slips; whether mail arrives is for the
// mail server to say. Pure; safe on any thread.
bool is_email(std::string_view text);

}  // namespace payments
