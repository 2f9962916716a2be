#pragma once

#include <string_view>

#include "sandbox/http.hpp"

namespace payments::sandbox {

// A bundled page or file by its path, "/simplepay.html", packed where the caller takes that and it
// was worth it; `otherwise` where the pages were not built in. 404 without either. Files
// under /assets carry their hash in their name and may be kept for ever.
Reply page_reply(const Request& request, std::string_view path, std::string_view otherwise = {});
// A file that the pages of every stand-in load from where they came.
inline bool is_page_file(const Request& request) {
    return request.method == "GET" &&
           (request.path.starts_with("/assets/") || request.path == "/icon.svg");
}

}  // namespace payments::sandbox
