#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/message.hpp"
#include "support/assets.hpp"

namespace payments::http {

// Files that travel in the binary, as a browser gets them: each plain and perhaps compressed, with
// a tag for either form (RFC 9110, 8.8.1). Built once, then used by all loops.
class StaticFiles {
public:
    // The files, at `prefix` and their path; x.gz is the compressed form of x. Bytes must outlive
    // every answer.
    explicit StaticFiles(std::span<const Asset> assets, std::string_view prefix = "");

    bool has(std::string_view path) const { return files_.contains(path); }
    // The bytes of a file's plain form; "" without it.
    std::string_view bytes(std::string_view path) const;
    // Other bytes for a file; `gzipped` is their compressed form, "" for none. They must outlive
    // every answer.
    void replace(std::string_view path, std::string_view plain, std::string_view gzipped = "");
    // One file at two addresses.
    void add_address(std::string_view path, std::string_view other);

    // As 200, or 304 when the client has it already; nothing without such a file. What is named by
    // its content may be kept for ever; anything else is asked about each time, so that after an
    // update nobody reads the old one.
    std::optional<Response> at(std::string_view path, const Request& request) const;

private:
    struct Form {
        std::string_view bytes;
        std::string etag;

        static Form of(std::string_view bytes);
    };
    struct File {
        Form plain;
        std::optional<Form> gzipped;  // nothing when it was not worth it
        std::string_view type;
        bool is_immutable;  // its name has a hash of its bytes
    };

    std::map<std::string, File, std::less<>> files_;
};

}  // namespace payments::http
