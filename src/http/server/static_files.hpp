#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/message.hpp"
#include "support/assets.hpp"

namespace payments::http {

// Files that travel in the binary, as a browser gets them: compressed where that is worth it, or
// plain to whoever does not take that, with a tag for either form (RFC 9110, 8.8.1). Built once,
// then used by all loops.
class StaticFiles {
public:
    // The files, at `prefix` and their path; x.gz is the compressed form of x, from which the plain
    // one is made for the few who ask for it. Bytes must outlive every answer.
    explicit StaticFiles(std::span<const Asset> assets, std::string_view prefix = "");

    bool has(std::string_view path) const { return files_.contains(path); }
    // The plain form of a file; "" without it.
    std::string text(std::string_view path) const;
    // Another text for a file. This, or a copy of it, must outlive every answer.
    void replace(std::string_view path, std::string_view text);
    // One file at two addresses.
    void add_address(std::string_view path, std::string_view other);

    // As 200, or 304 when the client has it already; nothing without such a file. What is named by
    // its content may be kept for ever; anything else is asked about each time, so that after an
    // update nobody reads the old one.
    std::optional<Response> at(std::string_view path, const Request& request) const;

private:
    struct File {
        std::string_view bytes;
        bool is_packed;
        std::string_view type;
        bool is_immutable;  // its name has a hash of its bytes
        std::string tag;    // without quotes; that of the compressed form has an ending
        std::shared_ptr<const std::string> own{};  // where `bytes` are when they are not an asset's

        std::string text() const;
    };

    std::map<std::string, File, std::less<>> files_;
};

}  // namespace payments::http
