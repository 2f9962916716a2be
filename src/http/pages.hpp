#pragma once

#include <map>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "support/assets.hpp"

namespace payments::http {

// The API reference: files bundled into the binary, and openapi.json with this build's version.
class Pages {
public:
    // `openapi` is the bundled contract; version, commit and build time are written into its info.
    Pages(std::span<const Asset> assets, const BuildInfo& build, std::string public_url);

    // The page at a path, or nothing.
    std::optional<Response> at(std::string_view path, const Request& request) const;

private:
    struct Page {
        std::string_view bytes;    // as it lies in the binary
        std::string_view gzipped;  // "" when it was not worth it
        std::string_view type;
        std::string etag;
    };
    void add(const Asset& asset);

    std::map<std::string, Page, std::less<>> pages_;
    std::string openapi_;
};

}  // namespace payments::http
