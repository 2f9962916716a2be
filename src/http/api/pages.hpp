#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/message.hpp"
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
    // Each form has a tag of its own: a strong one says that the bytes are the same (RFC
    // 9110, 8.8.1).
    struct Form {
        std::string_view bytes;  // as they lie in the binary
        std::string etag;

        static Form of(std::string_view bytes);
    };
    struct Page {
        Form plain;
        std::optional<Form> gzipped;  // nothing when it was not worth it
        std::string_view type;
        bool is_immutable;  // its name has a hash of its bytes
    };
    void add(const Asset& asset);

    std::map<std::string, Page, std::less<>> pages_;
    std::string index_, openapi_, openapi_gzipped_;
};

}  // namespace payments::http
