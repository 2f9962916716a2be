#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/static_files.hpp"
#include "support/assets.hpp"

namespace payments::http {

// The API reference: files bundled into the binary, and openapi.json with this build's version,
// commit and time (docs/design.md, 2). Never changes once made, so that all loops may use it.
class Pages {
public:
    // Version, commit and build time are written into the bundled contract's info and the page's
    // header, and the contract's operations stand where `routes` (operation to path) has moved
    // them. The bytes of `assets` must outlive every answer. Throws boost::system::system_error
    // when openapi.json is no JSON.
    Pages(
        std::span<const Asset> assets, const BuildInfo& build, std::string public_url,
        const std::map<std::string, std::string, std::less<>>& routes
    );

    // The page at a path, as 200, or 304 when the client has it already; nothing without one.
    std::optional<Response> at(std::string_view path, const Request& request) const;

private:
    StaticFiles files_;
};

}  // namespace payments::http
