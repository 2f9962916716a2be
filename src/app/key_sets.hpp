#pragma once

#include <string>
#include <string_view>

#include "http/auth/jwks_source.hpp"

namespace payments {

// Where a key set is (docs/design.md, 4.2): a file, or a URL that is fetched, trusting also the
// certificates of `trust_file` ("" for none). Any thread; fetches on the loop that asks.
http::KeySource key_source(const std::string& where, const std::string& trust_file);

// The first fetch of a key set, before anything is served: a set that is unusable now would refuse
// every token. Blocks. Throws std::runtime_error naming the setting.
void load_keys(http::KeyRing& ring, std::string_view setting);

}  // namespace payments
