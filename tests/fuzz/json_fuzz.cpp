#include <cstdlib>

#include "support/json.hpp"

// Whatever is read must be written so that it is read as the same again.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace payments;
    const auto first = json::parse({reinterpret_cast<const char*>(data), size});
    if (!first) return 0;
    const auto again = json::parse(json::write(*first));
    if (!again || json::write(*again) != json::write(*first)) std::abort();
    if (json::canonical(*again) != json::canonical(*first)) std::abort();
    return 0;
}
