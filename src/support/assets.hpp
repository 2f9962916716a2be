#pragma once

#include <span>
#include <string_view>

// What was put into the binary when it was built (cmake/assets.cmake): no file has to be installed
// beside it, and none can be of another version.
namespace payments {

struct Asset {
    std::string_view path;  // "/index.html"
    std::string_view bytes;
};

struct BuildInfo {
    std::string_view version;  // 0.1.0
    std::string_view commit;   // 12 hex digits, "unknown" outside a git checkout
    std::string_view time;     // RFC 3339 UTC
};
// The views are of static storage: they live as long as the process. Any thread.
BuildInfo build_info();

// The Content-Type of a file, by how its path ends; "application/octet-stream" for any other.
std::string_view content_type_of(std::string_view path);

}  // namespace payments
