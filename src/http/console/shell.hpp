#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/static_files.hpp"

namespace payments::http {

// The pages of the back office: one page whose script draws whatever address below /console/ it
// finds itself at, and its files. No script of another origin runs there, none is written into it,
// and no other page sees into it or frames it (docs/console.md).
// Never changes once made; all loops use it.
class ConsoleShell {
public:
    // From where an operation is by default to where this installation has moved it.
    using MovedPaths = std::map<std::string, std::string, std::less<>>;

    // index.html and assets/..., as web/build.mjs makes them; without any there are no pages. The
    // page is told in <meta name="moved-paths"> which paths its calls must take instead. The bytes,
    // and this, must outlive every answer.
    explicit ConsoleShell(std::span<const Asset> assets, const MovedPaths& moved = {});

    // What is at an address from /console on; nothing where no page and no file is.
    std::optional<Response> at(std::string_view path, const Request& request) const;

private:
    StaticFiles files_;
};

}  // namespace payments::http
