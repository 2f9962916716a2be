#include "http/console/shell.hpp"

#include "support/json.hpp"

namespace payments::http {
namespace {

constexpr std::string_view index_page = "/console/index.html";

// With Trusted Types not even a mistake of ours can make text into markup or script.
constexpr auto content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

Response to_the_pages() {
    Response response{308, "", ""};
    response.headers.emplace_back("Location", "/console/");
    // A browser would keep it for good, also where there is no console any more.
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

// As the value of an attribute in double quotes. Paths have no such letters but JSON has.
std::string escaped(std::string_view text) {
    std::string value;
    for (const char c : text) {
        if (c == '"')
            value += "&quot;";
        else if (c == '&')
            value += "&amp;";
        else if (c == '<')
            value += "&lt;";
        else
            value += c;
    }
    return value;
}

}  // namespace

ConsoleShell::ConsoleShell(std::span<const Asset> assets, const MovedPaths& moved)
    : files_(assets, "/console") {
    constexpr std::string_view place = "{{moved-paths}}";
    auto page = files_.text(index_page);
    const auto at = page.find(place);
    if (at == page.npos) return;
    json::object paths;
    for (const auto& [from, to] : moved) paths[from] = to;
    page.replace(at, place.size(), escaped(json::write(paths)));
    files_.replace(index_page, page);
}

std::optional<Response> ConsoleShell::at(std::string_view path, const Request& request) const {
    if (!files_.has(index_page)) return {};
    if (path == "/console") return to_the_pages();
    if (!path.starts_with("/console/")) return {};
    // A file of an older build is gone: a page in its place would be taken for its script.
    const bool is_file = files_.has(path) || path.starts_with("/console/assets/");
    auto response = files_.at(is_file ? path : index_page, request);
    if (!response) return {};
    response->headers.emplace_back("Content-Security-Policy", content_security_policy);
    response->headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    response->headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    response->headers.emplace_back("Referrer-Policy", "no-referrer");
    return response;
}

}  // namespace payments::http
